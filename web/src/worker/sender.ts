import type { Bytes } from "./bytes";
import { clearPrefix, isKeyFrame, isVideo, mimeTypeOf } from "./codec";
import type { Keyring } from "./keyring";
import type { Track } from "./messages";
import type { DropReason, StreamStats } from "./page-messages";
import { beginSeal, endSeal } from "./sframe";
import { Counts, type EncodedFrame, OrderedOutput } from "./stream";

/** Encrypts what one RTCRtpSender sends. Without a key nothing leaves. */
export class SenderStream {
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

  /** Begins to encrypt the frame, or drops it. */
  take(frame: EncodedFrame): undefined {
    this.#counts.seen++;
    const data = new Uint8Array(frame.data);
    if (data.length === 0) return this.#drop("empty");
    const clear = clearPrefix(this.track, data);
    if (clear === undefined) return this.#drop("malformed");
    if (!this.#rightCodec(frame, data)) return this.#drop("codec");
    if (this.#output.full) return this.#drop("overload");
    const lot = this.keyring.take(this.track);
    if (lot === undefined) return this.#drop("no-key");
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
  }

  stats(): StreamStats {
    const { stream, track } = this;
    return { stream, direction: "send", track, ...this.#counts.copy(), held: 0 };
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
