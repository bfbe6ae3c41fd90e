/** The page of media.browser.ts: two peer connections, each with a frame worker of its own; A sends to B. */
import { FrameWorker } from "../../src/media/frame-worker";

const SENDER = "AAAAAAAAAAAAAAAAAAAAAA";

/** Every worker of this page, so that a test can end one behind its host's back. */
const workers: Worker[] = [];
globalThis.Worker = class extends Worker {
  constructor(...options: ConstructorParameters<typeof Worker>) {
    super(...options);
    workers.push(this);
  }
};

interface Side {
  readonly frames: FrameWorker;
  readonly worker: Worker;
  readonly events: string[];
}

function side(ticket: string): Promise<Side> {
  return new Promise((resolve) => {
    const events: string[] = [];
    const frames: FrameWorker = new FrameWorker(ticket, {
      ready: () => resolve({ frames, worker, events }),
      lost: (reason) => events.push(`lost: ${reason}`),
      died: (reason) => events.push(`died: ${reason}`),
    });
    const worker = last(workers);
  });
}

let a: Side;
let b: Side;
let sending: RTCPeerConnection;
let receiving: RTCPeerConnection;
let analyser: AnalyserNode;

/** A moving picture, so that every frame differs. */
function picture(): MediaStreamTrack {
  const canvas = document.createElement("canvas");
  canvas.width = 320;
  canvas.height = 240;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  let step = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${step * 7} 80% 50%)`;
    context.fillRect(0, 0, 320, 240);
    context.fillStyle = "white";
    context.fillRect((step++ * 9) % 320, 60, 40, 120);
  }, 66);
  return one(canvas.captureStream(15).getVideoTracks());
}

function tone(context: AudioContext): MediaStreamTrack {
  const oscillator = new OscillatorNode(context, { frequency: 1000 });
  const out = context.createMediaStreamDestination();
  oscillator.connect(out);
  oscillator.start();
  return one(out.stream.getAudioTracks());
}

function one<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error("nothing there");
  return first;
}

function last<T>(list: readonly T[]): T {
  return one(list.slice(-1));
}

const api = {
  async start(): Promise<void> {
    [a, b] = await Promise.all([side("a"), side("b")]);
  },

  async connect(): Promise<void> {
    const context = new AudioContext();
    sending = new RTCPeerConnection();
    receiving = new RTCPeerConnection();
    sending.onicecandidate = ({ candidate }) => candidate && void receiving.addIceCandidate(candidate);
    receiving.onicecandidate = ({ candidate }) => candidate && void sending.addIceCandidate(candidate);
    receiving.ontrack = ({ receiver, track }) => {
      b.frames.attachReceiver(receiver, SENDER, track.kind === "video" ? "camera" : "microphone");
      const stream = new MediaStream([track]);
      const element = document.createElement(track.kind === "video" ? "video" : "audio");
      element.muted = true;
      element.srcObject = stream;
      document.body.append(element);
      void element.play();
      if (track.kind === "audio") {
        analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 });
        context.createMediaStreamSource(stream).connect(analyser);
      }
    };
    for (const track of [picture(), tone(context)]) {
      const transceiver = sending.addTransceiver(track, { direction: "sendonly" });
      a.frames.attachSender(transceiver.sender, track.kind === "video" ? "camera" : "microphone");
      const codecs = RTCRtpReceiver.getCapabilities(track.kind)?.codecs ?? [];
      transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => /video\/(VP8|rtx)|audio\/opus/.test(mimeType)));
    }
    await sending.setLocalDescription();
    if (sending.localDescription) await receiving.setRemoteDescription(sending.localDescription);
    await receiving.setLocalDescription();
    if (receiving.localDescription) await sending.setRemoteDescription(receiving.localDescription);
  },

  async measure() {
    const report = await receiving.getStats();
    const inbound = [...report.values()].filter(({ type }) => type === "inbound-rtp");
    const video = inbound.find(({ kind }) => kind === "video");
    const audio = inbound.find(({ kind }) => kind === "audio");
    const spectrum = new Uint8Array(analyser.frequencyBinCount);
    analyser.getByteFrequencyData(spectrum);
    const bin = Math.round((1000 * analyser.fftSize) / analyser.context.sampleRate);
    return {
      framesReceived: Number(video?.framesReceived ?? 0),
      framesDecoded: Number(video?.framesDecoded ?? 0),
      keyFrames: Number(video?.keyFramesDecoded ?? 0),
      packets: Number(video?.packetsReceived ?? 0) + Number(audio?.packetsReceived ?? 0),
      /** 0 … 255, at 1 kHz and far away from it */
      tone: spectrum[bin] ?? 0,
      elsewhere: spectrum[bin * 5] ?? 0,
      a: await a.frames.stats(),
      b: await b.frames.stats(),
      events: [...a.events, ...b.events],
    };
  },

  /** What A's encoder has made, and what of it has come to B's decoder and transforms. Asks nothing of A's worker. */
  async flow() {
    const [out, into] = await Promise.all([sending.getStats(), receiving.getStats()]);
    const of = (report: RTCStatsReport, type: string) =>
      [...report.values()].find((stats) => stats.type === type && stats.kind === "video");
    return {
      encoded: Number(of(out, "outbound-rtp")?.framesEncoded ?? 0),
      received: Number(of(into, "inbound-rtp")?.framesReceived ?? 0),
      seen: (await b.frames.stats()).map(({ seen }) => seen),
      events: [...a.events, ...b.events],
    };
  },

  /** As a crash would: neither the worker nor its host is told. */
  killA(): void {
    a.worker.terminate();
  },

  killB(): void {
    b.worker.terminate();
  },

  closeA(): void {
    a.frames.close();
  },
};

export type PageApi = typeof api;
Object.assign(globalThis, { api });
