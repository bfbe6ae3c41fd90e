import type { PageToWorker, StreamOptions, StreamStats, WorkerToPage } from "../worker/page-messages";
import type { TrackKind, TrackName } from "./tracks";
import { type Transforms, TransformsUnsupported, transformsSupported } from "./transforms";

const SCRIPT = "/frame-worker.js";
const HEARTBEAT_MS = 500;
/** Four beats without an answer: two seconds. */
const BEATS_MISSED = 4;
/** Fifteen seconds for a worker that has not answered yet: on a busy machine its script takes a while to start. */
const BEATS_TO_START = 30;

/** What a frame worker tells the page. Each of `lost` and `died` is said once at most, and is final. */
export interface FrameWorkerEvents {
  /** The backend can hand keys to the worker. */
  ready(): void;
  /** The worker lost its backend and has forgotten all keys: nothing is sent or shown any more. */
  lost(reason: string): void;
  /** The worker failed or answers no more. Nothing is sent in the clear; it has to be replaced. */
  died(reason: string): void;
}

/**
 * The page's end of one frame worker, which encrypts and decrypts all media of a call. The page hands it a ticket and
 * says which stream is whose; keys go past the page, from the backend to the worker.
 *
 * A worker that was lost or died is replaced by making another; senders and receivers can't be moved over, so their
 * peer connections have to be built anew.
 */
export class FrameWorker implements Transforms {
  readonly #worker: Worker;
  readonly #receivers = new WeakMap<RTCRtpReceiver, number>();
  readonly #senders = new Map<number, WeakRef<RTCRtpSender>>();
  #statsWaiting: ((streams: readonly StreamStats[]) => void)[] = [];
  #lastStats: readonly StreamStats[] = [];
  #nextStream = 0;
  #beatsMissed = 0;
  #hasAnswered = false;
  #lastBeat = performance.now();
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #over = false;

  /**
   * @param ticket the backend's one-time ticket for a worker's socket
   * @throws TransformsUnsupported if this browser has no script transforms
   */
  constructor(
    ticket: string,
    readonly events: FrameWorkerEvents,
  ) {
    if (!transformsSupported()) throw new TransformsUnsupported("this browser can't encrypt media end to end");
    this.#worker = new Worker(scriptUrl() as unknown as string, { type: "module", name: "sotto-frames" });
    this.#worker.onmessage = ({ data }: MessageEvent<WorkerToPage>) => this.#receive(data);
    this.#worker.onerror = (event) => this.#die(event.message || "the worker's script failed");
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#post({ type: "connect", ticket });
  }

  attachSender(sender: RTCRtpSender, track: TrackName): void {
    const stream = this.#newStream();
    sender.transform = this.#transform({ direction: "send", stream, track });
    this.#senders.set(stream, new WeakRef(sender));
  }

  attachReceiver(receiver: RTCRtpReceiver, participant: string, track: TrackName): void {
    const stream = this.#newStream();
    receiver.transform = this.#transform({ direction: "receive", stream, participant, track });
    this.#receivers.set(receiver, stream);
  }

  attachUnbound(receiver: RTCRtpReceiver, kind: TrackKind): void {
    const stream = this.#newStream();
    receiver.transform = this.#transform({ direction: "receive", stream, kind });
    this.#receivers.set(receiver, stream);
  }

  unbind(receiver: RTCRtpReceiver): void {
    const stream = this.#receivers.get(receiver);
    if (stream !== undefined) this.#post({ type: "unbind", stream });
  }

  expectInjected(trailer: Uint8Array): void {
    this.#post({ type: "injected", trailer });
  }

  rebind(receiver: RTCRtpReceiver, participant: string, track: TrackName): void {
    const stream = this.#receivers.get(receiver);
    if (stream === undefined) throw new TypeError("the receiver has no transform of this worker");
    this.#post({ type: "rebind", stream, participant, track });
  }

  async framesSeen(receiver: RTCRtpReceiver): Promise<number> {
    return (await this.#statsOf(receiver))?.seen ?? 0;
  }

  async framesPassed(receiver: RTCRtpReceiver): Promise<number> {
    return (await this.#statsOf(receiver))?.passed ?? 0;
  }

  /** Counts of all streams now; the last known ones if the worker is gone. */
  stats(): Promise<readonly StreamStats[]> {
    if (this.#over) return Promise.resolve(this.#lastStats);
    return new Promise((resolve) => {
      this.#statsWaiting.push(resolve);
      this.#post({ type: "stats" });
    });
  }

  /** Counts of all streams as the worker last told them, at most a second ago while it lives. */
  get lastStats(): readonly StreamStats[] {
    return this.#lastStats;
  }

  /** Forgets all keys and ends the worker; nothing is sent from then on. */
  close(): void {
    this.#post({ type: "close" });
    this.#end();
  }

  async #statsOf(receiver: RTCRtpReceiver): Promise<StreamStats | undefined> {
    const stream = this.#receivers.get(receiver);
    return (await this.stats()).find((stats) => stats.stream === stream);
  }

  #receive(message: WorkerToPage): void {
    if (this.#over) return;
    this.#hasAnswered = true;
    switch (message.type) {
      case "ready":
        this.events.ready();
        break;
      case "lost":
        this.#end();
        this.events.lost(message.reason);
        break;
      case "key-frame":
        this.#makeKeyFrame(message.stream);
        break;
      case "stats":
        this.#tellStats(message.streams);
        break;
      case "pong":
        this.#beatsMissed = 0;
        break;
    }
  }

  #beat(): void {
    const now = performance.now();
    // A page that stood still itself (a laptop asleep, a debugger) has not yet seen the answers that lie waiting.
    const onTime = now - this.#lastBeat < 2 * HEARTBEAT_MS;
    this.#lastBeat = now;
    this.#beatsMissed = onTime ? this.#beatsMissed + 1 : 1;
    if (this.#beatsMissed > (this.#hasAnswered ? BEATS_MISSED : BEATS_TO_START))
      this.#die("the worker does not answer");
    else this.#post({ type: "ping" });
  }

  /** Chromium has no generateKeyFrame for script transforms; setParameters does the same. */
  #makeKeyFrame(stream: number): void {
    const sender = this.#senders.get(stream)?.deref();
    if (sender === undefined) return;
    const parameters = sender.getParameters();
    const options = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
    const setParameters: (p: RTCRtpSendParameters, o: typeof options) => Promise<void> = sender.setParameters;
    // Refused by a sender that is being stopped or renegotiated; a receiver that needs the key frame asks for it too.
    setParameters.call(sender, parameters, options).catch(() => undefined);
  }

  #tellStats(streams: readonly StreamStats[]): void {
    this.#lastStats = streams;
    const waiting = this.#statsWaiting;
    this.#statsWaiting = [];
    for (const resolve of waiting) resolve(streams);
  }

  #newStream(): number {
    if (this.#over) throw new TransformsUnsupported("the frame worker is gone");
    return this.#nextStream++;
  }

  #transform(options: StreamOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }

  #post(message: PageToWorker): void {
    if (!this.#over) this.#worker.postMessage(message);
  }

  #die(reason: string): void {
    if (this.#over) return;
    this.#end();
    this.events.died(reason);
  }

  /** A terminated worker lets nothing out and nothing in. */
  #end(): void {
    this.#over = true;
    clearInterval(this.#heartbeat);
    this.#worker.terminate();
    this.#tellStats(this.#lastStats);
  }
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

let policy: ScriptUrlPolicy | undefined;

/** The worker's address under the Trusted Types policy `sotto`, which can be made once per page and knows no other. */
function scriptUrl(): unknown {
  if (!("trustedTypes" in globalThis)) return SCRIPT;
  const { trustedTypes } = globalThis as unknown as { trustedTypes: TrustedTypes };
  policy ??= trustedTypes.createPolicy("sotto", {
    createScriptURL(url) {
      if (url !== SCRIPT) throw new TypeError("not a script of this app");
      return url;
    },
  });
  return policy.createScriptURL(SCRIPT);
}
