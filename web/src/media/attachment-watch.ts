/**
 * Notices a receiver whose transform was lost: media arrives, and the transform sees none of it. Chromium reports no
 * error then, so it can only be seen by comparing. Once a transform has seen its first frame it isn't lost any more, so
 * each receiver is watched from its first packets to its first frame only.
 */

/** How long media may arrive unseen. */
const UNSEEN_FOR_MS = 1_000;

export type Attachment = "waiting" | "seen" | "lost";

/** Watches one receiver. Pure: counts and the time come in. */
export class AttachmentWatch {
  #since: number | null = null;
  #receivedThen = 0;

  /**
   * @param received payload bytes that have arrived, before the transform
   * @param seen frames that the transform has seen
   * @param now milliseconds on any steady clock
   */
  observe(received: number, seen: number, now: number): Attachment {
    if (seen > 0) return "seen";
    if (received === 0) return "waiting";
    if (this.#since === null) {
      this.#since = now;
      this.#receivedThen = received;
      return "waiting";
    }
    return now - this.#since >= UNSEEN_FOR_MS && received > this.#receivedThen ? "lost" : "waiting";
  }
}
