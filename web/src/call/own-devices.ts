import { type Capture, CaptureError, type CaptureProblem } from "../media/capture";
import type { LastLevel } from "./levels";
import type { Ports } from "./ports";
import type { Store } from "./store";
import type { DeviceTrouble } from "./view-state";

export type DeviceKind = "camera" | "microphone";

/**
 * The own camera and microphone: opened when they are wanted, and given back when they are not. The view's `media` says
 * what is wanted; `sync` brings the devices there. A muted microphone stays open and sends silence of the same size; a
 * camera that is off is closed, so that its light goes out.
 */
export class OwnDevices {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #level: LastLevel;
  readonly #changed: (kind: DeviceKind, track: MediaStreamTrack | null) => void;
  readonly #toast: (text: string) => void;
  readonly #open: Record<DeviceKind, Capture | null> = { camera: null, microphone: null };
  /** Rises with each start or stop of a device: what an older one opens is closed again. */
  readonly #turn: Record<DeviceKind, number> = { camera: 0, microphone: 0 };
  readonly #opening = new Set<DeviceKind>();
  #stopLevel: (() => void) | null = null;
  #stopWatching: (() => void) | null = null;

  /** @param changed the track that goes into the call, or null, at each change */
  constructor(
    ports: Ports,
    store: Store,
    level: LastLevel,
    changed: (kind: DeviceKind, track: MediaStreamTrack | null) => void,
    toast: (text: string) => void,
  ) {
    this.#ports = ports;
    this.#store = store;
    this.#level = level;
    this.#changed = changed;
    this.#toast = toast;
  }

  /** Opens what is wanted and not open, closes what is open and not wanted. */
  sync(): void {
    if (!this.allowed()) return;
    this.#stopWatching ??= this.#watch();
    const { media, devices, preferences } = this.#store.state;
    if (!media.camera) this.#stop("camera");
    else if (this.#missing("camera") && !devices.cameraTrouble) this.#start("camera", preferences.cameraLabel);
    // The microphone is opened muted, too: the meter is dead, but unmuting is instant.
    if (this.#missing("microphone") && !devices.microphoneTrouble) {
      this.#start("microphone", preferences.microphoneLabel);
    } else if (this.#open.microphone) {
      this.#open.microphone.track.enabled = media.microphone;
    }
  }

  /** In the app's window only after its user's own yes. */
  allowed(): boolean {
    const { welcome, preferences } = this.#store.state;
    return welcome !== null && (!welcome.embedded || preferences.mediaAllowed);
  }

  /** Opens another device in place of the present one. */
  choose(kind: DeviceKind, label: string): void {
    this.#clearTrouble(kind);
    if (kind === "camera" && !this.#store.state.media.camera) this.#store.devices({ camera: label });
    else this.#start(kind, label);
  }

  /** Forgets what went wrong, then tries again. */
  retry(kind: DeviceKind): void {
    this.#clearTrouble(kind);
    this.sync();
  }

  /** Gives everything back. */
  close(): void {
    this.#stop("camera");
    this.#stop("microphone");
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  /** Neither open nor being opened. */
  #missing(kind: DeviceKind): boolean {
    return this.#open[kind] === null && !this.#opening.has(kind);
  }

  #start(kind: DeviceKind, label: string): void {
    const turn = ++this.#turn[kind];
    this.#opening.add(kind);
    this.#store.devices({ opening: true });
    this.#openDevice(kind, label)
      .then((capture) => {
        if (turn !== this.#turn[kind]) capture.stop();
        else this.#opened(kind, capture);
      })
      .catch((cause: unknown) => {
        if (turn === this.#turn[kind]) this.#failed(kind, cause);
      })
      .finally(() => {
        if (turn !== this.#turn[kind]) return;
        this.#opening.delete(kind);
        this.#store.devices({ opening: this.#opening.size > 0 });
      });
  }

  async #openDevice(kind: DeviceKind, label: string): Promise<Capture> {
    const open = kind === "camera" ? this.#ports.openCamera : this.#ports.openMicrophone;
    const onEnded = () => this.#ended(kind);
    try {
      return await open({ label: label === "" ? null : label, onEnded });
    } catch (cause) {
      if (!(cause instanceof CaptureError) || cause.problem.kind !== "missing") throw cause;
      const capture = await open({ label: null, onEnded });
      this.#toast(`“${label}” is not connected. Using “${capture.label}”.`);
      return capture;
    }
  }

  #opened(kind: DeviceKind, capture: Capture): void {
    this.#open[kind]?.stop();
    this.#open[kind] = capture;
    if (kind === "camera") {
      this.#store.devices({ camera: capture.label, cameraTrack: capture.track, cameraTrouble: null });
    } else {
      capture.track.enabled = this.#store.state.media.microphone;
      this.#store.devices({ microphone: capture.label, microphoneTrack: capture.track, microphoneTrouble: null });
      this.#stopLevel?.();
      this.#stopLevel = this.#ports.levels.level(capture.track, (level) => this.#level.heard(level));
    }
    this.#changed(kind, capture.track);
    void this.#list();
  }

  #failed(kind: DeviceKind, cause: unknown): void {
    const trouble = cause instanceof CaptureError ? troubleOf(cause.problem) : "failed";
    this.#drop(kind);
    this.#store.devices(kind === "camera" ? { cameraTrouble: trouble } : { microphoneTrouble: trouble });
    this.#changed(kind, null);
    void this.#list();
  }

  /** The device went away by itself: unplugged, or taken by the system. */
  #ended(kind: DeviceKind): void {
    if (!this.#open[kind]) return;
    this.#failed(kind, new CaptureError({ kind: "none", device: kind }));
    this.#toast(kind === "camera" ? "The camera has gone away." : "The microphone has gone away.");
  }

  #stop(kind: DeviceKind): void {
    this.#turn[kind]++;
    this.#opening.delete(kind);
    this.#store.devices({ opening: this.#opening.size > 0 });
    if (!this.#open[kind]) return;
    this.#drop(kind);
    this.#changed(kind, null);
  }

  #drop(kind: DeviceKind): void {
    this.#open[kind]?.stop();
    this.#open[kind] = null;
    if (kind === "camera") {
      this.#store.devices({ cameraTrack: null });
    } else {
      this.#stopLevel?.();
      this.#stopLevel = null;
      this.#level.heard(0);
      this.#store.devices({ microphoneTrack: null });
    }
  }

  #clearTrouble(kind: DeviceKind): void {
    this.#store.devices(kind === "camera" ? { cameraTrouble: null } : { microphoneTrouble: null });
  }

  async #list(): Promise<void> {
    const devices = await this.#ports.listDevices();
    const labels = (choices: readonly { label: string }[]) => choices.map((choice) => choice.label);
    this.#store.devices({ cameras: labels(devices.cameras), microphones: labels(devices.microphones) });
  }

  /** A device that comes helps where one was missing. */
  #watch(): () => void {
    return this.#ports.watchDevices(() => {
      void this.#list().then(() => {
        const { cameraTrouble, microphoneTrouble, cameras, microphones } = this.#store.state.devices;
        if (cameraTrouble === "missing" && cameras.length > 0) this.retry("camera");
        if (microphoneTrouble === "missing" && microphones.length > 0) this.retry("microphone");
      });
    });
  }
}

function troubleOf(problem: CaptureProblem): DeviceTrouble {
  switch (problem.kind) {
    case "refused":
    case "busy":
      return problem.kind;
    case "missing":
    case "none":
      return "missing";
    case "cancelled":
    case "unsupported":
    case "failed":
      return "failed";
  }
}
