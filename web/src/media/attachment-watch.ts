/**
 * Notices a receiver whose transform was lost: media arrives, and the transform sees none of it. Chromium reports no
 * error then, and leaves `receiver.transform` as it was, so it can only be seen by comparing counts.
 */

/** How long media may arrive unseen. */
const UNSEEN_FOR_MS = 1_000;

export type Attachment = "waiting" | "seen" | "lost";

/** Watches one receiver until it is known to be well or lost. Pure: counts and the time come in. */
export class AttachmentWatch {
  #first: { readonly received: number; readonly seen: number } | null = null;
  /** When media first arrived after the first look. */
  #since: number | null = null;
  #receivedThen = 0;

  /**
   * @param received payload bytes that have arrived, before the transform
   * @param seen frames that the transform has seen
   * @param now milliseconds on any steady clock
   */
  observe(received: number, seen: number, now: number): Attachment {
    this.#first ??= { received, seen };
    if (seen > this.#first.seen) return "seen";
    if (received === this.#first.received) return "waiting";
    if (this.#since === null) {
      this.#since = now;
      this.#receivedThen = received;
      return "waiting";
    }
    return now - this.#since >= UNSEEN_FOR_MS && received > this.#receivedThen ? "lost" : "waiting";
  }
}
