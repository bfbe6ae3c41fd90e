/** What the page and its frame worker say to each other. Numbers and names; never a key. */
import { TRACK_VALUES, type Track } from "./messages";

/** Options of the RTCRtpScriptTransform that the page makes. `stream` is the page's own number for it. */
export type StreamOptions =
  | { readonly direction: "send"; readonly stream: number; readonly track: Track }
  | {
      readonly direction: "receive";
      readonly stream: number;
      readonly participant: string;
      readonly track: Track;
    }
  /** A receiver that shows nobody yet: what comes waits for a short while until it is bound. */
  | { readonly direction: "receive"; readonly stream: number; readonly kind: MediaKind };

/** What a receiver plays, whoever's it is; never another kind in its life. */
export type MediaKind = "audio" | "video";

export type PageToWorker =
  /** Connect to the backend with this ticket; once in a worker's life. */
  | { readonly type: "connect"; readonly ticket: string }
  /** The receiver shows another participant or track from now on. */
  | { readonly type: "rebind"; readonly stream: number; readonly participant: string; readonly track: Track }
  /** The receiver shows nobody from now on; what comes waits for a short while until it is bound again. */
  | { readonly type: "unbind"; readonly stream: number }
  /**
   * A relay says that frames which it makes itself (silence for a muted track, a blank picture for one that ended) end in
   * these bytes. They are dropped without waiting for a key that never comes. A frame that a person made can't profit:
   * whether it is dropped here or for not authenticating is the same.
   */
  | { readonly type: "injected"; readonly trailer: Uint8Array }
  | { readonly type: "stats" }
  | { readonly type: "ping" }
  /** Forget everything; the page is about to terminate the worker. */
  | { readonly type: "close" };

export type WorkerToPage =
  /** The sealed channel to the backend is open. */
  | { readonly type: "ready" }
  /** The backend is gone or broke the rules: nothing is sent or shown any more, all keys are gone. Final. */
  | { readonly type: "lost"; readonly reason: string }
  /** The sender lost frames before this one; its encoder should make a key frame. */
  | { readonly type: "key-frame"; readonly stream: number }
  | { readonly type: "stats"; readonly streams: readonly StreamStats[] }
  | { readonly type: "pong" };

/**
 * Why a frame went no further.
 *
 * - `empty`: no bytes in it; normal traffic
 * - `replayed`: its counter was seen before; retransmissions do that
 * - `no-key`: nothing to encrypt with
 * - `late`: held for a key that did not come in time
 * - `malformed`: too short, too long, or no SFrame header
 * - `foreign`: sealed by somebody else, or for another track
 * - `forged`: does not authenticate
 * - `codec`: not VP8 or Opus
 * - `overload`: more frames than this worker can handle in time
 * - `unbound`: its receiver showed nobody for too long
 * - `injected`: made by a relay, and marked as such
 */
export const DROP_REASONS = [
  "empty",
  "replayed",
  "no-key",
  "late",
  "malformed",
  "foreign",
  "forged",
  "codec",
  "overload",
  "unbound",
  "injected",
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Counts since the stream began. */
export interface StreamStats {
  readonly stream: number;
  readonly direction: "send" | "receive";
  /** Of a receiver that shows nobody, the last one, or one of its kind. */
  readonly track: Track;
  /** Of a receiver that shows somebody. */
  readonly participant?: string;
  /** Frames that reached the transform. */
  readonly seen: number;
  /** Frames that left it, encrypted or decrypted. */
  readonly passed: number;
  /** Frames that wait for a key now. */
  readonly held: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** The options as they arrive in the worker; undefined if they are not what {@link StreamOptions} says. */
export function readStreamOptions(value: unknown): StreamOptions | undefined {
  const { direction, stream, participant, track, kind } = fieldsOf(value);
  if (!isStream(stream)) return undefined;
  if (direction === "receive" && participant === undefined && (kind === "audio" || kind === "video"))
    return { direction, stream, kind };
  if (!isTrack(track)) return undefined;
  if (direction === "send") return { direction, stream, track };
  if (direction === "receive" && typeof participant === "string") return { direction, stream, participant, track };
  return undefined;
}

/** A message of the page as it arrives in the worker; undefined if it is none. */
export function readPageMessage(value: unknown): PageToWorker | undefined {
  const { type, ticket, stream, participant, track, trailer } = fieldsOf(value);
  switch (type) {
    case "connect":
      return typeof ticket === "string" ? { type, ticket } : undefined;
    case "rebind":
      if (!isStream(stream) || typeof participant !== "string" || !isTrack(track)) return undefined;
      return { type, stream, participant, track };
    case "unbind":
      return isStream(stream) ? { type, stream } : undefined;
    case "injected":
      return isTrailer(trailer) ? { type, trailer } : undefined;
    case "stats":
    case "ping":
    case "close":
      return { type };
    default:
      return undefined;
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isStream(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Shorter ones would match frames by chance. */
function isTrailer(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length >= 8 && value.length <= 256;
}

function isTrack(value: unknown): value is Track {
  return TRACK_VALUES.some((track) => track === value);
}
