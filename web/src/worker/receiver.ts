import type { Bytes } from "./bytes";
import type { Clock } from "./clock";
import { clearPrefix, isKeyFrame, isVideo } from "./codec";
import { type HoldLimits, HoldQueue, holdLimits } from "./hold";
import type { Keyring, ReceiveKey } from "./keyring";
import type { Track } from "./messages";
import type { DropReason, MediaKind, StreamStats } from "./page-messages";
import { beginOpen, beginsLike, decodeHeader, type Header, TAG_BYTES } from "./sframe";
import { Counts, type EncodedFrame, OrderedOutput } from "./stream";

const KEY_FRAME_REQUEST_EVERY_MS = 1000;

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
  /** The key that it was, or is being, decrypted with. */
  key: ReceiveKey | undefined;
}

/** Decrypts what one RTCRtpReceiver receives. Nothing but what the bound participant sealed for the bound track leaves. */
export class ReceiverStream {
  readonly #counts = new Counts();
  readonly #output: OrderedOutput;
  /** Waits for a key or, while nobody is shown, for the word whom to show. */
  readonly #held: HoldQueue<Incoming>;
  readonly #video: boolean;
  /** Shown last, or one of the receiver's kind that nobody is bound to. */
  #track: Track;
  #binding: Binding | undefined;
  #wantsKeyFrame = false;
  #lastKeyFrameRequest = Number.NEGATIVE_INFINITY;

  constructor(
    readonly stream: number,
    binding: Binding | { readonly kind: MediaKind },
    readonly keyring: Keyring,
    readonly clock: Clock,
    writable: WritableStream<EncodedFrame>,
    readonly requestKeyFrame: () => void,
    readonly isInjected: (frame: Bytes) => boolean = () => false,
  ) {
    this.#binding = "kind" in binding ? undefined : binding;
    this.#track = "kind" in binding ? (binding.kind === "video" ? "camera" : "microphone") : binding.track;
    this.#video = isVideo(this.#track);
    this.#output = new OrderedOutput(writable);
    this.#held = new HoldQueue<Incoming>(
      clock,
      () => this.#limits(),
      () => this.#drop(this.#binding === undefined ? "unbound" : "late"),
      () => this.releaseHeld(),
    );
  }

  /** Begins to decrypt the frame, holds it or drops it. */
  take(frame: EncodedFrame): undefined {
    this.#counts.seen++;
    const data = new Uint8Array(frame.data);
    if (data.length === 0) return this.#drop("empty");
    if (this.isInjected(data)) return this.#drop("injected");
    // The same for both tracks of the receiver's kind, so it may be read before it is known which one this is.
    const clear = clearPrefix(this.#track, data);
    if (clear === undefined) return this.#drop("malformed");
    const header = decodeHeader(data, clear);
    if (header === undefined || data.length < clear + header.length + TAG_BYTES) return this.#drop("malformed");
    const incoming: Incoming = { frame, data, clear, header, key: undefined };
    // What waits goes first; otherwise a late key would turn the order around.
    if (this.#held.length > 0 || !this.#begin(incoming)) this.#held.push(incoming, data.length);
  }

  /** Called when a key has come, the binding has changed, or held frames were given up. */
  releaseHeld(): void {
    for (let next = this.#held.first; next !== undefined && this.#begin(next); next = this.#held.first) {
      this.#held.shift();
    }
  }

  /** Shows another participant or track from now on, of the same kind of media. */
  rebind(binding: Binding): void {
    // A receiver never plays another kind: its decoder can't. What is asked for then is nobody's.
    if (isVideo(binding.track) !== this.#video) {
      this.unbind();
      return;
    }
    const same = this.#binding?.participant === binding.participant && this.#binding.track === binding.track;
    if (same) return;
    this.#binding = binding;
    this.#track = binding.track;
    this.#wantsKeyFrame = true;
    this.releaseHeld();
  }

  /**
   * Shows nobody from now on. What waits is dropped; what comes from now on waits for the next binding, for a short while:
   * a relay delivers the first frames of a track about as soon as it is known whose it is, and the next key frame may be
   * a second away.
   */
  unbind(): void {
    if (this.#binding === undefined) return;
    this.#binding = undefined;
    while (this.#held.shift() !== undefined) this.#drop("unbound");
  }

  stats(): StreamStats {
    const held = this.#held.length;
    const whose = this.#binding === undefined ? {} : { participant: this.#binding.participant };
    return { stream: this.stream, direction: "receive", track: this.#track, ...whose, ...this.#counts.copy(), held };
  }

  #limits(): HoldLimits {
    return holdLimits(this.#video, this.#binding !== undefined);
  }

  /** @returns false if it has to wait for its key, or to be known whom to show; true if its way is decided */
  #begin(incoming: Incoming): boolean {
    const binding = this.#binding;
    if (binding === undefined) return false;
    const keys = this.keyring.find(incoming.header.kid, binding.participant, binding.track);
    if (keys === "missing") return false;
    if (keys === "foreign") {
      this.#drop("foreign");
      return true;
    }
    const { counter } = incoming.header;
    const [only] = keys;
    // Nearly always there is one, and a list less is made for each frame.
    const fits = keys.length === 1 && only !== undefined && !only.window.seen(counter);
    const unseen = fits ? keys : keys.filter(({ window }) => !window.seen(counter));
    if (unseen.length === 0) this.#drop("replayed");
    else if (this.#output.full) this.#drop("overload");
    else this.#output.push(incoming.frame, open(incoming, unseen), (data) => this.#finish(incoming, data, binding));
    return true;
  }

  /** What the frame leaves with, if it may: all of this is asked when its turn has come, after it has authenticated. */
  #finish({ key, header, data, clear }: Incoming, plaintext: ArrayBuffer | undefined, binding: Binding) {
    if (plaintext === undefined) return this.#drop("forged");
    if (key === undefined || key.revoked) return this.#drop("no-key");
    if (clear > 0 && !beginsLike(plaintext, data, clear)) return this.#drop("malformed");
    if (this.#binding !== binding) return this.#drop("foreign");
    // A copy of the frame may have been decrypted meanwhile.
    if (!key.window.accept(header.counter)) return this.#drop("replayed");
    this.#counts.passed++;
    this.#afterGoodFrame(data);
    return plaintext;
  }

  /**
   * After a lost video frame Chromium would show nothing new for three seconds before it asks for a key frame by
   * itself. Asking before a good frame has come would be in vain.
   */
  #afterGoodFrame(data: Bytes): void {
    if (!this.#wantsKeyFrame || !this.#video) return;
    if (isKeyFrame(data)) {
      this.#wantsKeyFrame = false;
      return;
    }
    const now = this.clock.now();
    if (now - this.#lastKeyFrameRequest < KEY_FRAME_REQUEST_EVERY_MS) return;
    this.#lastKeyFrameRequest = now;
    this.#wantsKeyFrame = false;
    this.requestKeyFrame();
  }

  #drop(reason: DropReason): undefined {
    this.#counts.dropped[reason]++;
    if (reason !== "empty" && reason !== "replayed" && reason !== "injected") this.#wantsKeyFrame = true;
  }
}

/** Tries the keys one after the other; rejects with the last one's failure. Leaves the key that fits in `incoming`. */
function open(incoming: Incoming, keys: readonly ReceiveKey[], first = 0): Promise<ArrayBuffer> {
  const key = keys[first];
  if (key === undefined) return Promise.reject(new RangeError("no key to try"));
  incoming.key = key;
  const plaintext = beginOpen(key.fields.key, key.fields.salt, incoming.header, incoming.data, incoming.clear);
  return first + 1 === keys.length ? plaintext : plaintext.catch(() => open(incoming, keys, first + 1));
}
