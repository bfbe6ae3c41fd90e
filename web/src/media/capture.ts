/** Cameras and microphones: choosing, opening, and what can go wrong. Screens are in `screen.ts`. */

/** What is captured. */
export type CaptureDevice = "camera" | "microphone" | "screen";

/** Why something could not be captured; turned into words by the UI. */
export type CaptureProblem =
  /** The user, the browser's settings or the operating system said no. */
  | { readonly kind: "refused"; readonly device: CaptureDevice }
  /** Another program holds the device, or it does not answer. */
  | { readonly kind: "busy"; readonly device: CaptureDevice }
  /** The device that was chosen by its label is not there now; others may be. */
  | { readonly kind: "missing"; readonly device: CaptureDevice; readonly label: string }
  /** There is no such device at all. */
  | { readonly kind: "none"; readonly device: CaptureDevice }
  /** The user closed the picker without a choice. */
  | { readonly kind: "cancelled"; readonly device: CaptureDevice }
  /** This page can't capture: not a secure context, or the browser lacks the function. */
  | { readonly kind: "unsupported"; readonly device: CaptureDevice }
  /** Anything else, with the browser's own name for it. */
  | { readonly kind: "failed"; readonly device: CaptureDevice; readonly reason: string };

/** Thrown by everything that opens a device. */
export class CaptureError extends Error {
  override readonly name = "CaptureError";

  constructor(readonly problem: CaptureProblem) {
    super(`${problem.device}: ${problem.kind}`);
  }
}

/** A camera or microphone to choose. Remembered by its label, since ids change with the origin. */
export interface DeviceChoice {
  readonly label: string;
}

/** The devices of this machine. Labels are known only after the first permission; until then the lists are empty. */
export interface Devices {
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
}

/** One open device. */
export interface Capture {
  readonly track: MediaStreamTrack;
  /** Label of the device that was opened in the end. */
  readonly label: string;
  /** Gives the device back. `onEnded` is not called for it. */
  stop(): void;
}

/** What to open. */
export interface CaptureOptions {
  /** Label of the wanted device; null or absent for the system's default. */
  readonly label?: string | null;
  /** The device was unplugged, taken away by the system, or its sharing was ended outside of the page. */
  readonly onEnded?: () => void;
}

/** The cameras and microphones that can be named now. */
export async function listDevices(): Promise<Devices> {
  const all = await mediaDevices("camera").enumerateDevices();
  return { cameras: choices(all, "videoinput"), microphones: choices(all, "audioinput") };
}

/** Calls `changed` when a device is plugged in or out. @returns stops watching */
export function watchDevices(changed: () => void): () => void {
  const devices = mediaDevices("camera");
  devices.addEventListener("devicechange", changed);
  return () => devices.removeEventListener("devicechange", changed);
}

/**
 * Opens a camera at up to 1280×720 and 30 frames a second.
 *
 * @throws CaptureError
 */
export function openCamera(options: CaptureOptions = {}): Promise<Capture> {
  return open("camera", options, (deviceId) => ({
    video: { ...deviceId, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
  }));
}

/**
 * Opens a microphone with the browser's echo cancellation, noise suppression and gain control, mono.
 *
 * To mute, set `track.enabled = false` and leave the track in the call: silence is then sent in frames of the same size
 * as speech, so that nobody on the way can tell them apart.
 *
 * @throws CaptureError
 */
export function openMicrophone(options: CaptureOptions = {}): Promise<Capture> {
  return open("microphone", options, (deviceId) => ({
    audio: {
      ...deviceId,
      channelCount: { ideal: 1 },
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    },
  }));
}

type DeviceId = { deviceId?: { exact: string } };

async function open(
  device: "camera" | "microphone",
  options: CaptureOptions,
  constraints: (deviceId: DeviceId) => MediaStreamConstraints,
): Promise<Capture> {
  const devices = mediaDevices(device);
  const kind = device === "camera" ? "videoinput" : "audioinput";
  const label = options.label ?? null;
  const any = () => getTrack(devices, device, label, constraints({}));
  if (label === null) return asCapture(await any(), options);

  const before = await devices.enumerateDevices();
  if (before.some((known) => known.kind === kind && known.label !== "")) {
    return asCapture(
      await getTrack(devices, device, label, constraints(exactly(before, kind, device, label))),
      options,
    );
  }
  // Without a permission devices have no labels: ask with the default one, then look for the one that was meant.
  const first = await any();
  if (first.label === label) return asCapture(first, options);
  first.stop();
  const wanted = exactly(await devices.enumerateDevices(), kind, device, label);
  return asCapture(await getTrack(devices, device, label, constraints(wanted)), options);
}

function exactly(
  all: readonly MediaDeviceInfo[],
  kind: MediaDeviceKind,
  device: CaptureDevice,
  label: string,
): DeviceId {
  const found = all.find((known) => known.kind === kind && known.label === label);
  if (found === undefined) {
    const some = all.some((known) => known.kind === kind);
    throw new CaptureError(some ? { kind: "missing", device, label } : { kind: "none", device });
  }
  return { deviceId: { exact: found.deviceId } };
}

async function getTrack(
  devices: MediaDevices,
  device: CaptureDevice,
  label: string | null,
  constraints: MediaStreamConstraints,
): Promise<MediaStreamTrack> {
  let stream: MediaStream;
  try {
    stream = await devices.getUserMedia(constraints);
  } catch (error) {
    throw new CaptureError(problemOf(error, device, label));
  }
  const track = stream.getTracks()[0];
  if (track === undefined) throw new CaptureError({ kind: "none", device });
  return track;
}

/** Watches `track` for an end that the page did not ask for. */
export function asCapture(track: MediaStreamTrack, options: Pick<CaptureOptions, "onEnded">): Capture {
  // `ended` fires only for ends that came from outside, never for stop().
  track.addEventListener("ended", () => options.onEnded?.(), { once: true });
  return { track, label: track.label, stop: () => track.stop() };
}

/** Names the browser's error. */
export function problemOf(error: unknown, device: CaptureDevice, label: string | null): CaptureProblem {
  const name = error instanceof Error ? error.name : String(error);
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return { kind: "refused", device };
    case "NotReadableError":
    case "AbortError":
      return { kind: "busy", device };
    case "NotFoundError":
      return label === null ? { kind: "none", device } : { kind: "missing", device, label };
    case "OverconstrainedError":
      // Only the device id is a must, so the device went away between being listed and being opened.
      return label === null ? { kind: "failed", device, reason: name } : { kind: "missing", device, label };
    default:
      return { kind: "failed", device, reason: name };
  }
}

/** @throws CaptureError if this page has none */
export function mediaDevices(device: CaptureDevice): MediaDevices {
  // Absent outside of secure contexts, whatever the types say.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw new CaptureError({ kind: "unsupported", device });
  return devices;
}

function choices(all: readonly MediaDeviceInfo[], kind: MediaDeviceKind): DeviceChoice[] {
  const labels = all.filter((device) => device.kind === kind && device.label !== "").map((device) => device.label);
  return [...new Set(labels)].map((label) => ({ label }));
}
