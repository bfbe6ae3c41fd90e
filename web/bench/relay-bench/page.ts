/**
 * One participant of a call through LiveKit, for whoever drives it, in one of the modes that differ in their transforms
 * alone: `none`, `pass` (frames go through a worker as they are), `again` (the same once more), `bare` (one call of
 * WebCrypto for each frame, and nothing that would make it safe), `sotto` (the product's attachment and streams) and
 * `livekit` (LiveKit's own encryption with its own worker).
 */
import { ExternalE2EEKeyProvider, LogLevel, Room, RoomEvent, setLogLevel, Track } from "livekit-client";
import LiveKitWorker from "livekit-client/e2ee-worker?worker";
import { harden } from "../../src/media/relay/answer";
import { attachedConfiguration } from "../../src/media/relay/attached-connection";
import { AUDIO_ONLY_MID, VIDEO_EXTENSIONS } from "../../src/media/relay/extensions";
import { publishOptions } from "../../src/media/relay/publish-options";
import type { TrackKind, TrackName } from "../../src/media/tracks";
import type { Transforms } from "../../src/media/transforms";
import type { FromPage, TransformOptions } from "./worker";

type Mode = "none" | "pass" | "again" | "bare" | "piped" | "sotto" | "livekit";

interface Setting {
  readonly mode: Mode;
  readonly person: number;
  readonly people: number;
  readonly url: string;
  readonly token: string;
}

const connections: RTCPeerConnection[] = [];

interface WithExtensions extends RTCRtpTransceiver {
  getHeaderExtensionsToNegotiate(): { readonly uri: string; readonly direction: string }[];
  setHeaderExtensionsToNegotiate(extensions: { uri: string; direction: string }[]): void;
}

/** Where the product's connection is not used: negotiates what that one would, so that all modes send the same. */
class AlikeConnection extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }

  override addTransceiver(what: MediaStreamTrack | string, init?: RTCRtpTransceiverInit): RTCRtpTransceiver {
    const made = super.addTransceiver(what, init) as WithExtensions;
    const { kind } = made.receiver.track;
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    const wanted = kind === "audio" ? ["audio/opus"] : ["video/vp8", "video/rtx"];
    made.setCodecPreferences(codecs.filter(({ mimeType }) => wanted.includes(mimeType.toLowerCase())));
    const allowed = kind === "audio" ? AUDIO_ONLY_MID : VIDEO_EXTENSIONS;
    made.setHeaderExtensionsToNegotiate(
      made
        .getHeaderExtensionsToNegotiate()
        .map(({ uri }) => ({ uri, direction: allowed.includes(uri) ? "sendrecv" : "stopped" })),
    );
    return made;
  }

  override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    return super.setRemoteDescription({ ...description, sdp: harden(description.sdp ?? "") });
  }
}

class BenchTransforms implements Transforms {
  readonly #streams = new WeakMap<RTCRtpReceiver, number>();
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  #next = 0;

  constructor(readonly mode: TransformOptions["mode"]) {}

  ready(person: number, people: number): Promise<void> {
    return new Promise((resolve) => {
      this.#worker.onmessage = () => resolve();
      this.#post({ person, people });
    });
  }

  attachSender(sender: RTCRtpSender, send: TrackName): void {
    sender.transform = this.#transform({ mode: this.mode, stream: this.#next++, send, kind: "video" });
  }

  attachUnbound(receiver: RTCRtpReceiver, kind: TrackKind): void {
    const stream = this.#next++;
    receiver.transform = this.#transform({ mode: this.mode, stream, send: null, kind });
    this.#streams.set(receiver, stream);
  }

  rebind(receiver: RTCRtpReceiver, participant: string, track: TrackName): void {
    this.#post({ bind: this.#streams.get(receiver) ?? -1, participant, track });
  }

  attachReceiver(): void {}
  unbind(): void {}
  expectInjected(): void {}
  framesPassed(): Promise<number> {
    return Promise.resolve(0);
  }

  framesSeen(): Promise<number> {
    return Promise.resolve(0);
  }

  #post(message: FromPage): void {
    this.#worker.postMessage(message);
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }
}

async function start({ mode, person, people, url, token }: Setting): Promise<void> {
  setLogLevel(LogLevel.silent);
  const names = new Map<MediaStreamTrack, TrackName>();
  let rtcConfig: RTCConfiguration = { iceServers: [], bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" };
  let transforms: BenchTransforms | null = null;
  if (mode !== "none" && mode !== "livekit") {
    transforms = new BenchTransforms(mode === "again" ? "pass" : mode);
    await transforms.ready(person, people);
    rtcConfig = attachedConfiguration(
      { transforms, trackOf: (media) => names.get(media), made: (made) => void connections.push(made) },
      rtcConfig,
    );
  } else globalThis.RTCPeerConnection = AlikeConnection;
  const keyProvider = new ExternalE2EEKeyProvider();
  const room = new Room({
    adaptiveStream: false,
    dynacast: true,
    ...(mode === "livekit" && { e2ee: { keyProvider, worker: new LiveKitWorker() } }),
  });
  room.on(RoomEvent.TrackSubscribed, (track, { source }, { identity }) => {
    const camera = source === Track.Source.Camera;
    if (track.receiver !== undefined) transforms?.rebind(track.receiver, identity, camera ? "camera" : "microphone");
    const element = document.createElement(camera ? "video" : "audio");
    element.srcObject = new MediaStream([track.mediaStreamTrack]);
    document.body.append(element);
    void element.play().catch(() => undefined);
  });
  if (mode === "livekit") {
    await keyProvider.setKey("known to all in the benchmark");
    await room.setE2EEEnabled(true);
  }
  await room.connect(url, token, { rtcConfig });
  const media = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 320, height: 180, frameRate: 15 },
  });
  for (const track of media.getTracks()) {
    const name = track.kind === "audio" ? "microphone" : "camera";
    names.set(track, name);
    await room.localParticipant.publishTrack(track, publishOptions(name, track));
  }
}

/** Pictures of others that were decoded so far, for each of them. */
async function decoded(): Promise<number[]> {
  const frames: number[] = [];
  for (const connection of connections)
    for (const entry of (await connection.getStats()).values() as Iterable<Record<string, unknown>>)
      if (entry.type === "inbound-rtp" && entry.kind === "video") frames.push(Number(entry.framesDecoded ?? 0));
  return frames.filter((count) => count > 0);
}

Object.assign(globalThis, { relayBench: { start, decoded } });
