/** How much of an encoded frame stays in the clear, and which frames are whole at all (docs/protocol.md §7). */
import type { Bytes } from "./bytes";
import type { Track } from "./messages";

/** Larger frames are refused in both directions. */
export const MAX_FRAME_BYTES = 4 * 1024 * 1024;

const VP8_KEY_FRAME_PREFIX = 10;
const VP8_PREFIX = 1;

/** Video is VP8, audio is Opus. */
export function isVideo(track: Track): boolean {
  return track === "camera" || track === "screen";
}

/** The only codec that leaves or enters on a track, as encoded frames name it. */
export function mimeTypeOf(track: Track): string {
  return isVideo(track) ? "video/VP8" : "audio/opus";
}

/** Whether a VP8 frame is a key frame, from its first byte (RFC 6386 §9.1). */
export function isKeyFrame(frame: Bytes): boolean {
  return ((frame[0] ?? 1) & 1) === 0;
}

/**
 * Length of the clear prefix, read from the frame's own bytes: the sender's frame and the frame on the wire start alike.
 *
 * @returns undefined if the frame is shorter than its prefix or too large
 */
export function clearPrefix(track: Track, frame: Bytes): number | undefined {
  if (frame.length > MAX_FRAME_BYTES) return undefined;
  if (!isVideo(track)) return 0;
  const length = isKeyFrame(frame) ? VP8_KEY_FRAME_PREFIX : VP8_PREFIX;
  return frame.length < length ? undefined : length;
}
