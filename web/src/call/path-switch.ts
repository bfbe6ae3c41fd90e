import type { Path } from "../bridge/messages";
import type { PeerStats } from "../media/mesh-events";
import type { MediaPath, PathState, ShownSize } from "../media/path";
import type { TrackName } from "../media/tracks";
import type { Transforms } from "../media/transforms";
import { formatPainted, formatSignal, parsePathSignal } from "./path-signal";

/** How long an older path is kept for people who say nothing, counted from when the newer one is open here. */
export const OLD_PATH_MS = 15_000;
/** Signals kept for a path that this page has not heard of yet. */
const MOST_EARLY_SIGNALS = 256;

/** The path that the call is to be on; `number` counts the switches. */
export interface PathChoice {
  readonly path: Path;
  readonly number: number;
}

/** A path in use. */
export interface OpenPath extends PathChoice {
  readonly media: MediaPath;
  readonly state: PathState;
}

export interface PathSwitchEvents {
  /** Makes a path; it tells what it has to tell under its number. */
  make(choice: PathChoice): MediaPath;
  send(to: string, session: string, data: string): void;
  /** A path was closed: what came over it is gone. */
  closed(number: number): void;
  /** The list of paths, or the state of one, is another. */
  changed(): void;
  /** Whether everything that this person sends is shown over the path with this number, or a newer one. */
  movedTo(number: number, participant: string): boolean;
  after(milliseconds: number, later: () => void): () => void;
}

interface Entry extends PathChoice {
  readonly media: MediaPath;
  state: PathState;
  /** Who is seen and heard over this path here, as they were told. */
  readonly told: Set<string>;
  /** Who sees and hears this person over this path. */
  readonly painted: Set<string>;
  cancel: (() => void) | null;
}

/**
 * Moves a running call from one path to another: make before break. The new path is opened beside the old one and both
 * carry the frames, under the same key; who is shown over the new one is told so; and the old one is closed for each pair
 * when both have told, for all when nobody is left or the time is up. A path that can't be opened ends nothing.
 */
export class PathSwitch {
  /** Oldest first; the last one is where the call is going. */
  #paths: Entry[] = [];
  #peers: readonly string[] = [];
  readonly #own = new Map<TrackName, MediaStreamTrack>();
  readonly #shown = new Map<string, { participant: string; track: TrackName; size: ShownSize | null }>();
  #early: { from: string; session: string; text: string }[] = [];
  /** Of the own words that are of no path's: `painted`. */
  readonly #session: string;

  constructor(
    private readonly events: PathSwitchEvents,
    session: string,
  ) {
    this.#session = session;
  }

  get paths(): readonly OpenPath[] {
    return this.#paths;
  }

  get newest(): OpenPath | null {
    return this.#paths.at(-1) ?? null;
  }

  /** Where the call is to go. Does nothing if it is on its way there. */
  follow(choice: PathChoice): void {
    const newest = this.#paths.at(-1);
    if (newest !== undefined && newest.number === choice.number && newest.path === choice.path) return;
    // What was still opening, or is lost, has no purpose any more; what carries the call stays until the newest does.
    const idle = ({ state }: Entry) => state.kind === "opening" || state.kind === "lost";
    for (const path of this.#paths.filter((one) => idle(one) || one.number >= choice.number)) this.#close(path);
    this.#add(choice);
  }

  /** Makes the newest path anew, in place of one that could not be opened. */
  reopen(): void {
    const newest = this.#paths.at(-1);
    if (newest === undefined) return;
    this.#close(newest);
    this.#add(newest);
  }

  #add({ path, number }: PathChoice): void {
    const choice = { path, number };
    const entry: Entry = {
      ...choice,
      media: this.events.make(choice),
      state: { kind: "opening" },
      told: new Set(),
      painted: new Set(),
      cancel: null,
    };
    this.#paths.push(entry);
    for (const [track, media] of this.#own) entry.media.setTrack(track, media);
    entry.media.setPeers(this.#peers);
    for (const { participant, track, size } of this.#shown.values()) entry.media.setShown(participant, track, size);
    const early = this.#early;
    this.#early = [];
    for (const { from, session, text } of early) this.signal(from, session, text);
    this.events.changed();
  }

  setPeers(peers: readonly string[]): void {
    this.#peers = peers;
    for (const [key, { participant }] of this.#shown) if (!peers.includes(participant)) this.#shown.delete(key);
    for (const path of this.#paths) path.media.setPeers(this.#wanted(path));
    this.review();
  }

  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    if (media) this.#own.set(track, media);
    else this.#own.delete(track);
    for (const path of this.#paths) path.media.setTrack(track, media);
  }

  /** How large a picture is drawn; kept for a path that comes later. */
  setShown(participant: string, track: TrackName, size: ShownSize | null): void {
    this.#shown.set(`${participant} ${track}`, { participant, track, size });
    for (const path of this.#paths) path.media.setShown(participant, track, size);
  }

  /** A signal of another page, as the backend has opened it. */
  signal(from: string, session: string, text: string): void {
    const signal = parsePathSignal(text);
    if (signal === null) return;
    const path = this.#paths.find(({ number }) => number === signal.path);
    if (path === undefined) {
      const newest = this.#paths.at(-1)?.number ?? -1;
      if (signal.path > newest && this.#early.length < MOST_EARLY_SIGNALS) this.#early.push({ from, session, text });
    } else if (signal.kind === "signal") {
      path.media.onSignal(from, session, signal.data);
    } else {
      path.painted.add(from);
      this.review();
    }
  }

  /** A path's own word on how it fares. */
  setState(number: number, state: PathState): void {
    const path = this.#paths.find((one) => one.number === number);
    if (path === undefined) return;
    path.state = state;
    if (state.kind === "open" && path.cancel === null && this.#paths.length > 1) {
      path.cancel = this.events.after(OLD_PATH_MS, () => this.#closeOlder(path));
    }
    this.review();
    this.events.changed();
  }

  /** Something was painted, or somebody came or went: tells whoever has moved, and closes what nobody needs. */
  review(): void {
    const newest = this.#paths.at(-1);
    if (newest === undefined || this.#paths.length < 2 || newest.state.kind !== "open") return;
    for (const peer of this.#peers) {
      if (newest.told.has(peer) || !this.events.movedTo(newest.number, peer)) continue;
      newest.told.add(peer);
      this.events.send(peer, this.#session, formatPainted(newest.number));
    }
    const waiting = this.#waiting(newest);
    if (waiting.length === 0) this.#closeOlder(newest);
    else for (const path of this.#paths) path.media.setPeers(this.#wanted(path));
  }

  announce(): void {
    for (const { media } of this.#paths) media.announce();
    const newest = this.#paths.at(-1);
    for (const peer of newest?.told ?? []) {
      if (newest !== undefined) this.events.send(peer, this.#session, formatPainted(newest.number));
    }
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    for (const { media } of this.#paths) media.setIceServers(servers);
  }

  setTransforms(transforms: Transforms): void {
    for (const { media } of this.#paths) media.setTransforms(transforms);
  }

  /** Of all paths, the newest one's first. */
  async stats(): Promise<readonly PeerStats[]> {
    return (await Promise.all([...this.#paths].reverse().map(({ media }) => media.stats()))).flat();
  }

  /** Sends through a path's frame. */
  send(number: number, to: string, session: string, data: string): void {
    this.events.send(to, session, formatSignal(number, data));
  }

  close(): void {
    for (const path of [...this.#paths]) this.#close(path);
    this.#early = [];
  }

  /** Those with whom one of the two directions has not moved yet. */
  #waiting(newest: Entry): string[] {
    return this.#peers.filter((peer) => !newest.told.has(peer) || !newest.painted.has(peer));
  }

  #wanted(path: Entry): readonly string[] {
    const newest = this.#paths.at(-1);
    return newest === undefined || newest === path ? this.#peers : this.#waiting(newest);
  }

  #closeOlder(newest: Entry): void {
    if (!this.#paths.includes(newest) || newest.state.kind !== "open") return;
    for (const path of this.#paths.filter((one) => one.number < newest.number)) this.#close(path);
    this.events.changed();
  }

  #close(path: Entry): void {
    this.#paths = this.#paths.filter((other) => other !== path);
    path.cancel?.();
    path.media.close();
    this.events.closed(path.number);
  }
}
