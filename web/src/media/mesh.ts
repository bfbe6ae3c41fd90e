import type { MeshEvents, PeerStats } from "./mesh-events";
import { Peer, type PeerOwner } from "./peer";
import { format, newSession, type Signal } from "./signals";
import { TRACKS, type TrackName } from "./tracks";
import type { Transforms } from "./transforms";

export type { MeshEvents, MeshProblem, PeerStats, PeerStatus, ReceiveStats, SendStats } from "./mesh-events";

/** How often receivers that have not shown a frame yet are looked at. */
const WATCH_MS = 500;

/** Signals kept for people who are not on the roster yet: a signal may overtake the roster by a moment. */
const MOST_EARLY_PEOPLE = 64;
const MOST_EARLY_SIGNALS = 32;

/** What a mesh needs. */
export interface MeshOptions {
  /** Own participant id. */
  readonly self: string;
  readonly transforms: Transforms;
  /** STUN and TURN servers; may be empty. */
  readonly iceServers: readonly RTCIceServer[];
  /** `relay` hides the own address from the others: only TURN is used. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /** Sends a signal to one participant; the backend seals it. What can't be sent now may be dropped. */
  readonly sendSignal: (to: string, session: string, data: string) => void;
  readonly events: MeshEvents;
}

/**
 * Direct calls: one peer connection with each other participant.
 *
 * Signals travel sealed and authenticated through the backends, and with them the fingerprints of the DTLS certificates,
 * so nobody in between can take a participant's place; and frames are encrypted end to end below that by the
 * transforms. No sender or receiver is ever negotiated without one.
 *
 * A mesh lives from entering a call to leaving it, and names itself by a fresh `session`. When a participant's signals
 * come under another session (its page was reloaded), the connection is made anew and the old session's are dropped.
 */
export class Mesh {
  /** Media session of this page load: 16 random bytes in base64url. */
  readonly session = newSession();
  readonly #options: MeshOptions;
  readonly #peers = new Map<string, Peer>();
  readonly #early = new Map<string, { session: string; data: string }[]>();
  readonly #media = new Map<TrackName, MediaStreamTrack>();
  readonly #owner: PeerOwner;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #onOnline = () => this.restart();
  #transforms: Transforms;
  #iceServers: readonly RTCIceServer[];
  #watching = false;
  #closed = false;

  constructor(options: MeshOptions) {
    this.#options = options;
    this.#transforms = options.transforms;
    this.#iceServers = options.iceServers;
    this.#owner = this.#makeOwner();
    this.#timer = setInterval(() => void this.#watch(), WATCH_MS);
    window.addEventListener("online", this.#onOnline);
  }

  /** Who else is in the call, by participant id; one's own is ignored. Connects to who is new, drops who is gone. */
  setPeers(participants: readonly string[]): void {
    if (this.#closed) return;
    const wanted = new Set(participants.filter((participant) => participant !== this.#options.self));
    const gone = [...this.#peers.keys()].filter((participant) => !wanted.has(participant));
    const come = [...wanted].filter((participant) => !this.#peers.has(participant));
    if (gone.length === 0 && come.length === 0) return;
    for (const participant of gone) {
      this.#peers.get(participant)?.close();
      this.#peers.delete(participant);
    }
    for (const participant of come) this.#peers.set(participant, new Peer(participant, this.#owner));
    for (const participant of come) this.#start(participant);
    for (const peer of this.#peers.values())
      for (const track of ["camera", "screen"] as const) peer.setTrack(track, false);
  }

  /**
   * Sends `media` as this track to everybody, or stops sending it.
   *
   * A muted microphone is not taken away here: set `media.enabled = false`, so that it goes on sending silence.
   */
  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    const before = this.#media.get(track) ?? null;
    if (before === media || this.#closed) return;
    if (media === null) this.#media.delete(track);
    else this.#media.set(track, media);
    for (const peer of this.#peers.values()) peer.setTrack(track, (before === null) !== (media === null));
  }

  /** Takes a signal that the backend has opened. One that is malformed or out of date is dropped. */
  onSignal(from: string, session: string, data: string): void {
    if (this.#closed || from === this.#options.self) return;
    const peer = this.#peers.get(from);
    if (peer !== undefined) peer.onSignal(session, data);
    else this.#keepEarly(from, session, data);
  }

  /** To be called when the coordination server is back: repeats what may not have arrived while it was away. */
  announce(): void {
    for (const peer of this.#peers.values()) peer.announce();
  }

  /** Looks for new paths to everybody; done by itself when the browser says that the network is back. */
  restart(): void {
    for (const peer of this.#peers.values()) peer.restart();
  }

  /** Everybody sends everybody one size, by how many they are; see `quality.ts`. */
  setShown(): void {}

  /** Other STUN and TURN servers, or new passwords for them. */
  setIceServers(iceServers: readonly RTCIceServer[]): void {
    this.#iceServers = iceServers;
    for (const peer of this.#peers.values()) peer.configure();
  }

  /** The frame worker was replaced. All connections are made anew, since a receiver takes no second transform. */
  setTransforms(transforms: Transforms): void {
    this.#transforms = transforms;
    this.#watching = false; // A question to the former worker may never be answered.
    for (const peer of this.#peers.values()) peer.rebuild();
  }

  /** Statistics of each participant's connection. */
  stats(): Promise<PeerStats[]> {
    return Promise.all([...this.#peers.values()].map((peer) => peer.stats()));
  }

  /** Ends all connections. The captured tracks stay with who made them. No event follows. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    window.removeEventListener("online", this.#onOnline);
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#early.clear();
    this.#media.clear();
  }

  #start(participant: string): void {
    const peer = this.#peers.get(participant);
    const early = this.#early.get(participant) ?? [];
    this.#early.delete(participant);
    for (const { session, data } of early) peer?.onSignal(session, data);
    peer?.start();
  }

  #keepEarly(from: string, session: string, data: string): void {
    const kept = this.#early.get(from) ?? [];
    const [oldest] = this.#early.keys();
    if (!this.#early.has(from) && this.#early.size >= MOST_EARLY_PEOPLE && oldest !== undefined) {
      this.#early.delete(oldest);
    }
    if (kept.length < MOST_EARLY_SIGNALS) kept.push({ session, data });
    this.#early.set(from, kept);
  }

  async #watch(): Promise<void> {
    // A slow answer of the worker must not make questions pile up.
    if (this.#watching) return;
    this.#watching = true;
    try {
      for (const peer of this.#peers.values()) await peer.watch();
    } finally {
      this.#watching = false;
    }
  }

  #makeOwner(): PeerOwner {
    const mesh = this;
    const { self, events, sendSignal, iceTransportPolicy } = this.#options;
    // Later, so that nobody is called back from inside of a call that they make.
    const later = (step: () => void) =>
      queueMicrotask(() => {
        if (!this.#closed) step();
      });
    return {
      self,
      get transforms() {
        return mesh.#transforms;
      },
      get configuration() {
        return {
          iceServers: [...mesh.#iceServers],
          iceTransportPolicy: iceTransportPolicy ?? "all",
          bundlePolicy: "max-bundle",
          rtcpMuxPolicy: "require",
        } satisfies RTCConfiguration;
      },
      media: (track) => this.#media.get(track) ?? null,
      people: () => this.#peers.size + 1,
      send: (participant: string, signal: Signal) => {
        if (!this.#closed) sendSignal(participant, this.session, format(signal));
      },
      trackAdded: (...event) => later(() => events.trackAdded(...event)),
      trackRemoved: (...event) => later(() => events.trackRemoved(...event)),
      status: (...event) => later(() => events.status(...event)),
      problem: (...event) => later(() => events.problem(...event)),
    };
  }
}

/** All four names, for those who go through a participant's tracks. */
export { TRACKS };
