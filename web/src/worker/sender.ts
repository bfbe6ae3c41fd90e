import type { Bytes } from "./bytes";
import { clearPrefix, isKeyFrame, isVideo, mimeTypeOf } from "./codec";
import type { Keyring } from "./keyring";
import type { Track } from "./messages";
import type { DropReason, StreamStats } from "./page-messages";
import { beginSeal, endSeal } from "./sframe";
import { Counts, type EncodedFrame, OrderedOutput, type Stream } from "./stream";

/** Encrypts what one RTCRtpSender sends. Without a key nothing leaves. */
export class SenderStream implements Stream {
  readonly #counts = new Counts();
  readonly #output: OrderedOutput;
  #codecChecked = false;
  #wantsKeyFrame = false;

  /** @param requestKeyFrame asks this sender's encoder for a key frame, after frames were lost */
  constructor(
    readonly stream: number,
    readonly track: Track,
    readonly keyring: Keyring,
    writable: WritableStream<EncodedFrame>,
    readonly requestKeyFrame: () => void,
  ) {
    this.#output = new OrderedOutput(writable);
  }

  take(frame: EncodedFrame): void {
    this.#counts.seen++;
    const reason = this.#admit(frame);
    if (reason !== undefined) this.#drop(reason);
  }

  /** Begins to encrypt the frame, or says why it goes no further. */
  #admit(frame: EncodedFrame): DropReason | undefined {
    const data = new Uint8Array(frame.data);
    if (data.length === 0) return "empty";
    const clear = clearPrefix(this.track, data);
    if (clear === undefined) return "malformed";
    if (!this.#rightCodec(frame, data)) return "codec";
    if (this.#output.full) return "overload";
    const lot = this.keyring.take(this.track);
    if (lot === undefined) return "no-key";
    if (this.#wantsKeyFrame) {
      this.#wantsKeyFrame = false;
      if (!isKeyFrame(data)) this.requestKeyFrame();
    }
    const { key, counter } = lot;
    const { salt, kid } = key.fields;
    this.#output.push(frame, beginSeal(key.fields.key, salt, kid, counter, data, clear), (ciphertext) => {
      if (ciphertext === undefined || key.revoked) return this.#drop("no-key");
      this.#counts.passed++;
      return endSeal(ciphertext, kid, counter, data, clear);
    });
    return undefined;
  }

  stats(): StreamStats {
    const { seen, passed, dropped } = this.#counts;
    return {
      stream: this.stream,
      direction: "send",
      track: this.track,
      seen,
      passed,
      held: 0,
      dropped: { ...dropped },
    };
  }

  /** A codec can only change at a key frame; looking at every frame would cost more than encrypting it. */
  #rightCodec(frame: EncodedFrame, data: Bytes): boolean {
    if (this.#codecChecked && !(isVideo(this.track) && isKeyFrame(data))) return true;
    const { mimeType } = frame.getMetadata();
    this.#codecChecked = mimeType === undefined || mimeType.toLowerCase() === mimeTypeOf(this.track).toLowerCase();
    return this.#codecChecked;
  }

  #drop(reason: DropReason): undefined {
    this.#counts.dropped[reason]++;
    if (isVideo(this.track) && reason !== "empty") this.#wantsKeyFrame = true;
  }
}
