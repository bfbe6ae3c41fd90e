import type { TrackName } from "../../../src/media/tracks";
import { type Transforms, TransformsUnsupported } from "../../../src/media/transforms";

interface Answer {
  readonly frames: number;
  readonly sizes: readonly (readonly [size: number, count: number])[];
}

/** Ways in which these transforms can be at fault. */
export interface Faults {
  /** How many receivers of video get a transform that sees nothing. */
  blindReceivers: number;
  /** Receivers get no transform. */
  bareReceivers: boolean;
  /** There are no transforms in this browser. */
  unsupported: boolean;
}

/** Transforms that pass frames on and count them, with faults to order; for tests alone. */
export class TestTransforms implements Transforms {
  readonly bindings = new Map<RTCRtpReceiver, string>();
  readonly trailers: Uint8Array[] = [];
  readonly faults: Faults = { blindReceivers: 0, bareReceivers: false, unsupported: false };
  readonly #worker = new Worker(new URL("./transform-worker.ts", import.meta.url), { type: "module" });
  readonly #ids = new Map<RTCRtpSender | RTCRtpReceiver, number>();
  readonly #senders = new Map<TrackName, number>();
  readonly #questions = new Map<number, (answer: Answer) => void>();
  #next = 1;

  constructor() {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Answer & { question: number }>) => {
      this.#questions.get(data.question)?.(data);
      this.#questions.delete(data.question);
    });
  }

  attachSender(sender: RTCRtpSender, track: TrackName): void {
    if (this.faults.unsupported) throw new TransformsUnsupported("ordered by the test");
    this.#senders.set(track, this.#attach(sender, false));
  }

  attachReceiver(receiver: RTCRtpReceiver): void {
    if (this.faults.unsupported) throw new TransformsUnsupported("ordered by the test");
    if (this.faults.bareReceivers) return;
    const blind = receiver.track.kind === "video" && this.faults.blindReceivers > 0;
    if (blind) this.faults.blindReceivers--;
    this.#attach(receiver, blind);
  }

  attachUnbound(receiver: RTCRtpReceiver): void {
    this.attachReceiver(receiver);
  }

  rebind(receiver: RTCRtpReceiver, participant: string, track: TrackName): void {
    this.bindings.set(receiver, `${participant} ${track}`);
  }

  unbind(receiver: RTCRtpReceiver): void {
    this.bindings.delete(receiver);
  }

  expectInjected(trailer: Uint8Array): void {
    this.trailers.push(trailer);
  }

  async framesSeen(receiver: RTCRtpReceiver): Promise<number> {
    return (await this.#ask(this.#ids.get(receiver), false)).frames;
  }

  /** Nothing is sealed here, so everything passes. */
  framesPassed(receiver: RTCRtpReceiver): Promise<number> {
    return this.framesSeen(receiver);
  }

  /** Sizes of the frames sent as a track since the last question, over the newest connection. */
  async sentSizes(track: TrackName): Promise<[size: number, count: number][]> {
    const { sizes } = await this.#ask(this.#senders.get(track), true);
    return sizes.map(([size, count]) => [size, count]);
  }

  #attach(end: RTCRtpSender | RTCRtpReceiver, blind: boolean): number {
    const id = this.#next++;
    this.#ids.set(end, id);
    end.transform = new RTCRtpScriptTransform(this.#worker, { id, blind });
    return id;
  }

  #ask(id: number | undefined, forget: boolean): Promise<Answer> {
    const question = this.#next++;
    return new Promise((resolve) => {
      this.#questions.set(question, resolve);
      this.#worker.postMessage({ question, id, forget });
    });
  }
}
