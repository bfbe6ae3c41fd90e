import type { TrackName } from "../tracks";
import type { Binding } from "./directory";

interface Lent {
  readonly participant: string;
  readonly track: TrackName;
  readonly media: MediaStreamTrack;
}

/**
 * What is handed to the view of a receiver: a copy of its track for each one whom it shows. The copy ends the moment the
 * receiver is to show somebody else, before the worker hears of that; so whatever element still holds it, and however late
 * the page is with taking it down, what the next one sends never stands under the former one's name.
 */
export class LentTracks {
  readonly #lent = new Map<RTCRtpReceiver, Lent>();

  /** Ends all copies but those of these bindings. To be called before receivers are bound anew. */
  keep(bindings: readonly Binding[]): void {
    const kept = new Map(bindings.map((binding) => [binding.incoming.receiver, binding]));
    for (const [receiver, lent] of this.#lent) {
      const now = kept.get(receiver);
      if (now?.participant === lent.participant && now.track === lent.track) continue;
      lent.media.stop();
      this.#lent.delete(receiver);
    }
  }

  /** The copy of this binding, the same one as long as the binding lasts. */
  of({ participant, track, incoming: { receiver } }: Binding): MediaStreamTrack {
    const lent = this.#lent.get(receiver) ?? { participant, track, media: receiver.track.clone() };
    this.#lent.set(receiver, lent);
    return lent.media;
  }
}
