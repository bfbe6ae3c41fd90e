import { asCapture, type Capture, CaptureError, mediaDevices, problemOf } from "./capture";

/** How fluent a shared screen is: text needs few frames, a film many. */
export type ScreenRate = 5 | 15 | 30;

/** What to share. */
export type ScreenChoice =
  /** A normal browser shows its own picker. */
  | { readonly kind: "picker" }
  /** The whole screen, in the app's window, where getDisplayMedia asks nobody. */
  | { readonly kind: "whole-screen" }
  /** One window, in the app's window; `id` as the backend's list of sources names it. */
  | { readonly kind: "window"; readonly id: string };

/** How to share it. */
export interface ScreenOptions {
  readonly rate: ScreenRate;
  /** Asks for the system's or tab's sound as well; not every platform offers it. */
  readonly audio: boolean;
  /** The sharing was ended outside of the page: by the browser's own bar, or because the window was closed. */
  readonly onEnded?: () => void;
}

/** A shared screen: one or two tracks that start and end together. */
export interface ScreenCapture {
  readonly screen: Capture;
  /** Null if no sound was asked for, offered or allowed. */
  readonly screenAudio: Capture | null;
  stop(): void;
}

/** Chromium's older way to capture, the only one that takes a source by its id. */
interface DesktopConstraints extends MediaTrackConstraints {
  readonly mandatory: {
    readonly chromeMediaSource: "desktop";
    readonly chromeMediaSourceId: string;
    readonly maxFrameRate: number;
    readonly maxWidth: number;
    readonly maxHeight: number;
  };
}

const MOST_WIDTH = 2560;
const MOST_HEIGHT = 1600;

/**
 * Starts sharing.
 *
 * @throws CaptureError `cancelled` if the user closed the picker
 */
export async function openScreen(choice: ScreenChoice, options: ScreenOptions): Promise<ScreenCapture> {
  const devices = mediaDevices("screen");
  if (choice.kind !== "window" && typeof devices.getDisplayMedia !== "function") {
    throw new CaptureError({ kind: "unsupported", device: "screen" });
  }
  let stream: MediaStream;
  try {
    stream = await (choice.kind === "window"
      ? devices.getUserMedia({ audio: false, video: desktop(choice.id, options.rate) })
      : devices.getDisplayMedia({
          audio: options.audio,
          video: {
            frameRate: { ideal: options.rate, max: options.rate },
            width: { max: MOST_WIDTH },
            height: { max: MOST_HEIGHT },
          },
        }));
  } catch (error) {
    const problem = problemOf(error, "screen", null);
    // The picker reports its cancel button as a refusal; the two can't be told apart there.
    const cancelled = problem.kind === "refused" && choice.kind === "picker";
    throw new CaptureError(cancelled ? { kind: "cancelled", device: "screen" } : problem);
  }
  const picture = stream.getVideoTracks()[0];
  if (picture === undefined) throw new CaptureError({ kind: "none", device: "screen" });
  picture.contentHint = options.rate === 30 ? "motion" : "detail";
  const sound = stream.getAudioTracks()[0];
  if (sound !== undefined) sound.contentHint = "music";
  const screen = asCapture(picture, options);
  // The sound's own end is no event: it ends with the picture, or a muted tab goes on being shared.
  const screenAudio = sound === undefined ? null : asCapture(sound, {});
  return {
    screen,
    screenAudio,
    stop() {
      screen.stop();
      screenAudio?.stop();
    },
  };
}

function desktop(id: string, rate: ScreenRate): DesktopConstraints {
  return {
    mandatory: {
      chromeMediaSource: "desktop",
      chromeMediaSourceId: id,
      maxFrameRate: rate,
      maxWidth: MOST_WIDTH,
      maxHeight: MOST_HEIGHT,
    },
  };
}
