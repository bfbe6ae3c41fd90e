import { type Attachment, AttachmentWatch } from "./attachment-watch";
import { arrived } from "./stats";
import type { Transforms } from "./transforms";

/** A receiver that was found well is looked at again after this time. */
const WATCH_AGAIN_MS = 5_000;

/**
 * Asks receivers and the frame worker, again and again, whether a receiver still has its transform. Mesh and relay differ
 * only in what they do about one that was lost.
 */
export class ReceiverWatch {
  readonly #watches = new Map<RTCRtpReceiver, AttachmentWatch>();
  /** When to look at a receiver again that was well. */
  readonly #well = new WeakMap<RTCRtpReceiver, number>();

  /** @returns `waiting` also where nobody could be asked, `seen` also where it is too early to ask again */
  async look(receiver: RTCRtpReceiver, transforms: Transforms): Promise<Attachment> {
    if (performance.now() < (this.#well.get(receiver) ?? 0)) return "seen";
    const watch = this.#watches.get(receiver) ?? new AttachmentWatch();
    this.#watches.set(receiver, watch);
    const attachment = await observe(watch, receiver, transforms);
    if (attachment === "waiting") return attachment;
    this.#watches.delete(receiver);
    this.#well.set(receiver, performance.now() + WATCH_AGAIN_MS);
    return attachment;
  }

  /** The receivers that are being looked at are gone. */
  clear(): void {
    this.#watches.clear();
  }
}

async function observe(watch: AttachmentWatch, receiver: RTCRtpReceiver, transforms: Transforms): Promise<Attachment> {
  // Asked for what has arrived first: a frame between the two questions must not look lost.
  try {
    const received = await arrived(receiver);
    const seen = await transforms.framesSeen(receiver);
    return watch.observe(received, seen, performance.now());
  } catch {
    // The worker is gone, or the connection was closed meanwhile. Both are seen elsewhere, and nothing is lost here.
    return "waiting";
  }
}
