import type { TrackName } from "../media/tracks";
import type { RemoteTracks } from "./view-state";

/** Media of one participant's track, and the path that it came over. */
export interface RemoteMedia {
  readonly path: number;
  readonly media: MediaStreamTrack;
}

interface Slot {
  readonly shown: RemoteMedia;
  /** Plays out of sight until it has shown something, then takes the place. */
  readonly coming: RemoteMedia | null;
}

export type TrackMap = ReadonlyMap<string, RemoteTracks>;

/**
 * What is on screen and in the loudspeaker, and what is about to take its place: a track that comes anew, over another
 * path or another connection, is played out of sight until its first picture or sound, so that nothing freezes and no word
 * is lost. Pure.
 */
export class RemoteMediaBoard {
  readonly #slots = new Map<string, Map<TrackName, Slot>>();

  /** @returns whether `media` is waiting for its first picture or sound */
  added(path: number, participant: string, track: TrackName, media: MediaStreamTrack): boolean {
    const tracks = this.#slots.get(participant) ?? new Map<TrackName, Slot>();
    this.#slots.set(participant, tracks);
    const before = tracks.get(track);
    const now = { path, media };
    if (before === undefined) {
      tracks.set(track, { shown: now, coming: null });
      return false;
    }
    // Of two paths the newer one is to be shown, in whatever order their tracks come.
    if (path < before.shown.path) return false;
    // What was about to take the place of what is shown anew is somebody else's, or gone.
    const waits = before.shown.media !== media;
    tracks.set(track, { shown: before.shown, coming: waits ? now : null });
    return waits;
  }

  /**
   * The track ended on one path.
   *
   * @returns whether it is gone altogether
   */
  removed(path: number, participant: string, track: TrackName): boolean {
    const slot = this.#slots.get(participant)?.get(track);
    if (slot === undefined) return false;
    if (slot.coming?.path === path && slot.shown.path !== path) {
      this.#set(participant, track, { shown: slot.shown, coming: null });
    } else if (slot.shown.path === path) {
      if (slot.coming === null || slot.coming.path === path) {
        this.#slots.get(participant)?.delete(track);
        return true;
      }
      this.#set(participant, track, { shown: slot.coming, coming: null });
    }
    return false;
  }

  /** The path of what `media` is about to take the place of, if that came over another path than it does. */
  replaces(participant: string, track: TrackName, media: MediaStreamTrack): number | null {
    const slot = this.#slots.get(participant)?.get(track);
    if (slot?.coming?.media !== media || slot.coming.path === slot.shown.path) return null;
    return slot.shown.path;
  }

  /** `media` has shown its first picture, or is heard. @returns whether something changed */
  played(participant: string, track: TrackName, media: MediaStreamTrack): boolean {
    const slot = this.#slots.get(participant)?.get(track);
    if (slot?.coming?.media !== media) return false;
    this.#set(participant, track, { shown: slot.coming, coming: null });
    return true;
  }

  /** A path is closed: what it showed goes, or makes room for what is coming. */
  drop(path: number): void {
    for (const [participant, tracks] of this.#slots)
      for (const track of [...tracks.keys()]) this.removed(path, participant, track);
  }

  forget(participant: string): void {
    this.#slots.delete(participant);
  }

  clear(): void {
    this.#slots.clear();
  }

  /** Whether everything of this participant that an older path shows is shown by `path` or a newer one. */
  movedTo(path: number, participant: string): boolean {
    return [...(this.#slots.get(participant)?.values() ?? [])].every(({ shown }) => shown.path >= path);
  }

  shown(participant: string, track: TrackName): MediaStreamTrack | undefined {
    return this.#slots.get(participant)?.get(track)?.shown.media;
  }

  get tracks(): TrackMap {
    return this.#map((slot) => slot.shown.media);
  }

  get coming(): TrackMap {
    return this.#map((slot) => slot.coming?.media);
  }

  /** What is to be heard soon. */
  get comingSounds(): readonly { participant: string; track: TrackName; path: number; media: MediaStreamTrack }[] {
    return [...this.#slots].flatMap(([participant, tracks]) =>
      [...tracks].flatMap(([track, { coming }]) =>
        coming !== null && (track === "microphone" || track === "screen-audio")
          ? [{ participant, track, ...coming }]
          : [],
      ),
    );
  }

  #map(media: (slot: Slot) => MediaStreamTrack | undefined): TrackMap {
    return new Map(
      [...this.#slots].map(([participant, tracks]) => [
        participant,
        Object.fromEntries(
          [...tracks].flatMap(([track, slot]) => {
            const found = media(slot);
            return found === undefined ? [] : [[track, found]];
          }),
        ) as RemoteTracks,
      ]),
    );
  }

  #set(participant: string, track: TrackName, slot: Slot): void {
    this.#slots.get(participant)?.set(track, slot);
  }
}
