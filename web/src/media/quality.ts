/**
 * How much of its picture a person sends to each other one. In a mesh everybody encodes and uploads once per other
 * participant, so pictures get smaller as people come.
 */
import type { TrackName } from "./tracks";

interface Step {
  /** Up to this many people in the call, oneself included. */
  readonly people: number;
  /** Lines of the camera's picture; it is scaled down to it, never up. */
  readonly lines: number;
  /** Bits a second. */
  readonly camera: number;
  readonly screen: number;
}

const STEPS: readonly Step[] = [
  { people: 2, lines: 720, camera: 1_800_000, screen: 3_000_000 },
  { people: 4, lines: 480, camera: 800_000, screen: 2_000_000 },
  { people: 8, lines: 360, camera: 400_000, screen: 1_200_000 },
  { people: Number.POSITIVE_INFINITY, lines: 180, camera: 150_000, screen: 800_000 },
];

/** What the sender of a track is set to. */
export interface Quality {
  readonly maxBitrate: number;
  readonly scaleResolutionDownBy: number;
  readonly degradationPreference: "balanced" | "maintain-resolution";
}

/**
 * @param people in the call, oneself included
 * @param lines height of the captured picture; null if unknown
 * @returns null for audio, whose size is the same in every call
 */
export function qualityOf(track: TrackName, people: number, lines: number | null): Quality | null {
  const step = STEPS.find((candidate) => people <= candidate.people);
  if (step === undefined) return null;
  switch (track) {
    case "camera":
      return {
        maxBitrate: step.camera,
        scaleResolutionDownBy: Math.max(1, (lines ?? step.lines) / step.lines),
        degradationPreference: "balanced",
      };
    case "screen":
      // Text on a screen must stay readable: rather fewer pictures than smaller ones.
      return { maxBitrate: step.screen, scaleResolutionDownBy: 1, degradationPreference: "maintain-resolution" };
    case "microphone":
    case "screen-audio":
      return null;
  }
}
