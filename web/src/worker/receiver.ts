import type { Bytes } from "./bytes";
import type { Clock } from "./clock";
import { clearPrefix, isKeyFrame, isVideo } from "./codec";
import { HOLD_AUDIO, HOLD_VIDEO, HoldQueue } from "./hold";
import type { Keyring, ReceiveKey } from "./keyring";
import type { Track } from "./messages";
import type { DropReason, StreamStats } from "./page-messages";
import { decodeHeader, type Header, openFrame, TAG_BYTES } from "./sframe";
import { Counts, type EncodedFrame, OrderedOutput, type Stream } from "./stream";

const KEY_FRAME_REQUEST_EVERY_MS = 1000;
const MAX_COUNTER = BigInt(Number.MAX_SAFE_INTEGER);

/** Whose frames a receiver shows. */
export interface Binding {
  readonly participant: string;
  readonly track: Track;
}

interface Incoming {
  readonly frame: EncodedFrame;
  readonly data: Bytes;
  readonly clear: number;
  readonly header: Header;
}

/** Decrypts what one RTCRtpReceiver receives. Nothing but what the bound participant sealed for the bound track leaves. */
export class ReceiverStream implements Stream {
  readonly #counts = new Counts();
  readonly #output: OrderedOutput;
  readonly #held: HoldQueue<Incoming>;
  #binding: Binding;
  #wantsKeyFrame = false;
  #lastKeyFrameRequest = Number.NEGATIVE_INFINITY;

  constructor(
    readonly stream: number,
    binding: Binding,
    readonly keyring: Keyring,
    readonly clock: Clock,
    writable: WritableStream<EncodedFrame>,
    readonly requestKeyFrame: () => void,
  ) {
    this.#binding = binding;
    this.#output = new OrderedOutput(writable);
    this.#held = new HoldQueue<Incoming>(
      clock,
      isVideo(binding.track) ? HOLD_VIDEO : HOLD_AUDIO,
      () => this.#drop("late"),
      () => this.releaseHeld(),
    );
  }

  take(frame: EncodedFrame): void {
    this.#counts.seen++;
    const reason = this.#admit(frame);
    if (reason !== undefined) this.#drop(reason);
  }

  /** Begins to decrypt the frame or holds it, or says why it goes no further. */
  #admit(frame: EncodedFrame): DropReason | undefined {
    const data = new Uint8Array(frame.data);
    if (data.length === 0) return "empty";
    const clear = clearPrefix(this.#binding.track, data);
    if (clear === undefined) return "malformed";
    const header = decodeHeader(data, clear);
    if (header === undefined || header.counter > MAX_COUNTER || data.length < clear + header.length + TAG_BYTES) {
      return "malformed";
    }
    const incoming = { frame, data, clear, header };
    // What waits goes first; otherwise a late key would turn the order around.
    if (this.#held.length > 0 || !this.#begin(incoming)) this.#held.push(incoming, data.length);
    return undefined;
  }

  /** Called when a key has come, the binding has changed, or held frames were given up. */
  releaseHeld(): void {
    for (let next = this.#held.first; next !== undefined && this.#begin(next); next = this.#held.first) {
      this.#held.shift();
    }
  }

  /** Shows another participant or track from now on, of the same kind of media. */
  rebind(binding: Binding): void {
    this.#binding = binding;
    this.#wantsKeyFrame = true;
    this.releaseHeld();
  }

  stats(): StreamStats {
    const { seen, passed, dropped } = this.#counts;
    const { participant, track } = this.#binding;
    const held = this.#held.length;
    return {
      stream: this.stream,
      direction: "receive",
      track,
      participant,
      seen,
      passed,
      held,
      dropped: { ...dropped },
    };
  }

  /** @returns false if the frame's key is not here (yet); true if its way is decided */
  #begin(incoming: Incoming): boolean {
    const binding = this.#binding;
    const keys = this.keyring.find(incoming.header.kid, binding.participant, binding.track);
    if (keys === "missing") return false;
    if (keys === "foreign") this.#drop("foreign");
    else if (this.#output.full) this.#drop("overload");
    else {
      this.#output.push(incoming.frame, this.#open(incoming, keys, binding), (data) => {
        if (this.#binding !== binding) {
          this.#drop("foreign");
          return false;
        }
        this.#counts.passed++;
        this.#afterGoodFrame(data);
        return true;
      });
    }
    return true;
  }

  async #open(
    { data, clear, header }: Incoming,
    keys: readonly ReceiveKey[],
    binding: Binding,
  ): Promise<ArrayBuffer | undefined> {
    const counter = Number(header.counter);
    let reason: DropReason = "replayed";
    for (const key of keys) {
      if (key.window.seen(counter)) continue;
      let plaintext: ArrayBuffer;
      try {
        plaintext = await openFrame(key.fields.key, key.fields.salt, header, data, clear);
      } catch {
        reason = "forged";
        continue;
      }
      if (key.revoked) reason = "no-key";
      else if (this.#binding !== binding) reason = "foreign";
      // A copy of the frame may have been decrypted meanwhile.
      else if (!key.window.accept(counter)) reason = "replayed";
      else return plaintext;
      break;
    }
    this.#drop(reason);
    return undefined;
  }

  /**
   * After a lost video frame Chromium would show nothing new for three seconds before it asks for a key frame by
   * itself. Asking before a good frame has come would be in vain.
   */
  #afterGoodFrame(data: ArrayBuffer): void {
    if (!this.#wantsKeyFrame || !isVideo(this.#binding.track)) return;
    if (isKeyFrame(new Uint8Array(data, 0, 1))) {
      this.#wantsKeyFrame = false;
      return;
    }
    const now = this.clock.now();
    if (now - this.#lastKeyFrameRequest < KEY_FRAME_REQUEST_EVERY_MS) return;
    this.#lastKeyFrameRequest = now;
    this.#wantsKeyFrame = false;
    this.requestKeyFrame();
  }

  #drop(reason: DropReason): void {
    this.#counts.dropped[reason]++;
    if (reason !== "empty" && reason !== "replayed") this.#wantsKeyFrame = true;
  }
}
