/**
 * The four tracks that a person can send.
 *
 * Their order is fixed in three places at once: the two track bits of the KID (docs/protocol.md §6), the order of the
 * m-lines in every offer, and `sotto.bridge.messages.Track`.
 */
export const TRACKS = ["microphone", "camera", "screen", "screen-audio"] as const;

/** One of the four tracks. */
export type TrackName = (typeof TRACKS)[number];

/** What the track carries, as WebRTC names it. */
export type TrackKind = "audio" | "video";

/** Audio for the microphone and the sound of a shared screen, video for the two pictures. */
export function kindOf(track: TrackName): TrackKind {
  return track === "microphone" || track === "screen-audio" ? "audio" : "video";
}

/** True for one of the four names; everything that comes from outside goes through here. */
export function isTrackName(value: unknown): value is TrackName {
  return TRACKS.some((track) => track === value);
}
