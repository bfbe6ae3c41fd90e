import { Track, type TrackPublishOptions } from "livekit-client";
import { kindOf, type TrackName } from "../tracks";

const SOURCES: Record<TrackName, Track.Source> = {
  microphone: Track.Source.Microphone,
  camera: Track.Source.Camera,
  screen: Track.Source.ScreenShare,
  "screen-audio": Track.Source.ScreenShareAudio,
};

/** Bits a second, as between two pages (`sdp.ts`). */
const AUDIO_BITRATE = { microphone: 40_000, "screen-audio": 96_000 };

/**
 * How a track is sent to a relay. The relay learns its kind and no name.
 *
 * Only what goes through the one sender of the track is encrypted, so nothing may be sent beside it: no backup codec, no
 * redundant audio.
 */
export function publishOptions(track: TrackName, media: MediaStreamTrack): TrackPublishOptions {
  const common: TrackPublishOptions = { source: SOURCES[track], backupCodec: false, red: false, dtx: false };
  if (kindOf(track) === "audio") {
    const music = track === "screen-audio";
    return {
      ...common,
      audioPreset: { maxBitrate: AUDIO_BITRATE[music ? "screen-audio" : "microphone"] },
      forceStereo: music,
    };
  }
  if (track === "screen") {
    const fast = (media.getSettings().frameRate ?? 15) > 15;
    return {
      ...common,
      videoCodec: "vp8",
      simulcast: false,
      screenShareEncoding: { maxBitrate: fast ? 3_000_000 : 2_000_000, maxFramerate: 30 },
      degradationPreference: "maintain-resolution",
    };
  }
  const lines = media.getSettings().height ?? 720;
  return {
    ...common,
    videoCodec: "vp8",
    simulcast: true,
    videoEncoding: { maxBitrate: lines >= 720 ? 1_700_000 : lines >= 360 ? 600_000 : 200_000, maxFramerate: 30 },
    degradationPreference: "balanced",
  };
}
