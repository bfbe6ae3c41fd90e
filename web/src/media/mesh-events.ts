import type { TrackName } from "./tracks";

/**
 * How the way to one participant fares.
 *
 * - `connecting`: not yet connected for the first time
 * - `connected`: media can flow
 * - `reconnecting`: was connected; the path is being restored
 * - `failed`: several attempts in a row came to nothing; attempts go on, more slowly
 */
export type PeerStatus = "connecting" | "connected" | "reconnecting" | "failed";

/** What went wrong with one participant's connection; turned into words by the UI. */
export type MeshProblem =
  /** This browser can't encrypt frames, so there is no connection at all. Final. */
  | { readonly kind: "no-transforms" }
  /** The other side's signal was refused; `reason` is for the debug panel. */
  | { readonly kind: "bad-signal"; readonly reason: string }
  /** A receiver's transform saw nothing of what arrived; the connection is rebuilt. */
  | { readonly kind: "lost-attachment"; readonly track: TrackName }
  /** The connection was not made, or not restored, in time; it is rebuilt. */
  | { readonly kind: "unconnected"; readonly reason: string }
  /** The browser refused a step of the negotiation; the connection is rebuilt. */
  | { readonly kind: "negotiation"; readonly reason: string };

/** Called by {@link Mesh}, never from inside one of its methods' synchronous part. */
export interface MeshEvents {
  /**
   * A participant sends this track now; `media` plays it. Called again with another `media` when the connection was
   * rebuilt; the former one has ended by then.
   */
  trackAdded(participant: string, track: TrackName, media: MediaStreamTrack): void;
  /** The participant stopped sending the track, or is gone. */
  trackRemoved(participant: string, track: TrackName): void;
  /** A participant's status changed. */
  status(participant: string, status: PeerStatus): void;
  /** For the debug panel, apart from `no-transforms`, which people must hear of. */
  problem(participant: string, problem: MeshProblem): void;
}

/** Statistics of one received track, summed since the connection was made. */
export interface ReceiveStats {
  readonly track: TrackName;
  /** Packets that arrived, before decryption. */
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesReceived: number;
  /** Video only, null for audio. */
  readonly framesReceived: number | null;
  readonly framesDecoded: number | null;
  readonly freezeCount: number | null;
  readonly totalFreezesSeconds: number | null;
  readonly frameWidth: number | null;
  readonly frameHeight: number | null;
  /** Audio only, null for video. */
  readonly concealedSamples: number | null;
  readonly totalSamplesReceived: number | null;
  readonly jitterSeconds: number | null;
  /** Frames that reached the transform; null if it can't be asked. */
  readonly framesSeen: number | null;
}

/** Statistics of one sent track. */
export interface SendStats {
  readonly track: TrackName;
  readonly packetsSent: number;
  readonly bytesSent: number;
  /** Video only, null for audio. */
  readonly framesSent: number | null;
  readonly frameWidth: number | null;
  readonly frameHeight: number | null;
  readonly framesPerSecond: number | null;
}

/** Statistics of the connection to one participant. */
export interface PeerStats {
  readonly participant: string;
  readonly status: PeerStatus;
  /** How often the connection was rebuilt from scratch. */
  readonly rebuilds: number;
  /** How often ICE was restarted. */
  readonly restarts: number;
  /** Round-trip time of the chosen path in milliseconds; null before the first measurement. */
  readonly rttMs: number | null;
  /** Type of the own end of the chosen path: `host`, `srflx`, `prflx` or `relay`. */
  readonly localCandidate: string | null;
  readonly received: readonly ReceiveStats[];
  readonly sent: readonly SendStats[];
}
