import type { MeshEvents, PeerStats } from "./mesh-events";
import type { TrackName } from "./tracks";
import type { Transforms } from "./transforms";

/**
 * A way for media between the people of a call: the mesh of direct connections, or a relay. What is above knows nothing
 * of how it works; another relay's engine is one more implementation of this.
 *
 * Whatever a path does, nothing leaves or is shown that has not gone through the `Transforms`.
 */
export interface MediaPath {
  /** Who is in the call, by participant id; one's own is ignored. */
  setPeers(participants: readonly string[]): void;
  /** Sends `media` as this track, or stops sending it. A muted microphone stays: it sends silence of the same size. */
  setTrack(track: TrackName, media: MediaStreamTrack | null): void;
  /** How large somebody's picture is drawn; null while nothing of it is seen. A path may receive less then. */
  setShown(participant: string, track: TrackName, size: ShownSize | null): void;
  /** A signal of another page for this path, opened and authenticated by the backend. A malformed one is dropped. */
  onSignal(from: string, session: string, data: string): void;
  /** The coordination server is back: repeats what may not have arrived. */
  announce(): void;
  /** Other STUN and TURN servers. A relay of its own address takes none. */
  setIceServers(iceServers: readonly RTCIceServer[]): void;
  /** The frame worker was replaced: everything is connected anew. */
  setTransforms(transforms: Transforms): void;
  stats(): Promise<readonly PeerStats[]>;
  close(): void;
}

/** In device pixels. */
export interface ShownSize {
  readonly width: number;
  readonly height: number;
}

/**
 * How a path as a whole fares.
 *
 * - `opening`: not ready yet, for the first time
 * - `open`: media can flow
 * - `failing-over`: was open; another way to a relay is being opened
 * - `lost`: no relay can be reached. It goes on trying, slowly; the reason is for people
 */
export type PathState =
  | { readonly kind: "opening" | "open" | "failing-over" }
  | { readonly kind: "lost"; readonly reason: PathLoss };

/** Why a path can't be opened. */
export type PathLoss =
  /** In the backend's words: there is no way, or what it led to is no relay for this call. */
  | { readonly kind: "refused"; readonly problem: Refusal }
  /** Nothing connects from here. */
  | { readonly kind: "unreachable" }
  /** A relay answers, but media does not get through to it. */
  | { readonly kind: "blocked" }
  /** This browser can't encrypt frames, or its worker is gone. */
  | { readonly kind: "no-transforms" };

/** A problem in words; the bridge's `Problem`. */
export interface Refusal {
  readonly code: string;
  readonly what: string;
  readonly privacy: string;
  readonly next: string;
}

/** What a path tells; never from inside one of its methods' synchronous part. */
export interface PathEvents extends MeshEvents {
  state(state: PathState): void;
}

/** What each path is made for. */
export interface PathSetting {
  /** Own participant id. */
  readonly self: string;
  readonly transforms: Transforms;
  readonly iceServers: readonly RTCIceServer[];
  readonly sendSignal: (to: string, session: string, data: string) => void;
  readonly events: PathEvents;
}

/** Where a relay is reached: an address of the own backend that leads to one node, once. */
export interface Tunnel {
  /** Id of the node. */
  readonly node: string;
  readonly url: string;
  /** What the backend has found out of a tunnel that came to nothing; null as long as it does not know. */
  failure(): Refusal | null;
}

/** Thrown, as a rejection, where there is no way to a relay. */
export class TunnelRefused extends Error {
  override readonly name = "TunnelRefused";

  constructor(readonly problem: Refusal) {
    super(problem.code);
  }
}

/** @param failed node that was lost; null if none was */
export type OpenTunnel = (failed: string | null) => Promise<Tunnel>;
