import type { ShownSize, Tunnel } from "../path";
import type { TrackName } from "../tracks";
import type { Transforms } from "../transforms";

/**
 * One stay in a room of a relay node: what the relay path needs of an engine. A seat is never mended: when anything of it
 * fails, the path takes another one.
 */
export interface Seat {
  readonly node: string;
  /** The own random name there. */
  readonly identity: string;
  /**
   * Sends `media` as this track, or nothing. The first media of a track gives it a name there.
   *
   * @returns the track's name there, or null if it was never sent
   */
  send(track: TrackName, media: MediaStreamTrack | null): Promise<string | null>;
  /** Others in the room, by their random names. */
  readonly others: ReadonlySet<string>;
  /** What comes from others now. */
  readonly incoming: readonly Incoming[];
  /** How large this picture has to be at most; null pauses it. A relay sends a smaller one where it has one. */
  want(incoming: Incoming, size: ShownSize | null): void;
  /** The connection that carries everything. */
  readonly connection: RTCPeerConnection;
  /** The own track that an m-line sends; null if none. */
  sentBy(mid: string | null): TrackName | null;
  close(): void;
}

/** Thrown, as a rejection, where a relay answers but no media gets through to it. */
export class MediaBlocked extends Error {
  override readonly name = "MediaBlocked";
}

/** A track as it comes from the relay, which says whose it is. Believed for finding it, never for showing it. */
export interface Incoming {
  readonly identity: string;
  readonly name: string;
  readonly receiver: RTCRtpReceiver;
}

export interface SeatEvents {
  /** `others` or `incoming` are others than before. */
  changed(): void;
  /** The seat is of no use any more; said once. What has arrived may still be shown. */
  failed(reason: string): void;
}

/** Takes a seat at a node; `livekit-seat.ts` has the product's only engine. */
export type TakeSeat = (tunnel: Tunnel, transforms: Transforms, events: SeatEvents) => Promise<Seat>;
