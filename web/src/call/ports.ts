import type { PageToBackend } from "../bridge/messages";
import type { Capture, CaptureOptions, Devices } from "../media/capture";
import type { MediaPath, OpenTunnel, PathSetting } from "../media/path";
import type { ScreenCapture, ScreenChoice, ScreenOptions } from "../media/screen";
import type { TrackName } from "../media/tracks";
import type { Transforms } from "../media/transforms";

/*
 * What the controller needs of the browser and of the media parts. The page gives it the real ones (`browser-ports.ts`);
 * tests give it ones that they can look into.
 */

/** A frame worker; `media/frame-worker.ts` is the real one. */
export interface CallWorker extends Transforms {
  stats(): Promise<readonly FrameCounts[]>;
  close(): void;
}

/** What the worker counts of one stream. */
export interface FrameCounts {
  readonly direction: "send" | "receive";
  readonly track: TrackName;
  readonly participant?: string;
  readonly seen: number;
  readonly passed: number;
  readonly held: number;
  readonly dropped: Readonly<Record<string, number>>;
}

/** What a frame worker tells; `lost` and `died` are final. */
export interface WorkerEvents {
  ready(): void;
  lost(reason: string): void;
  died(reason: string): void;
}

/** What a mesh is made for. */
export interface MeshSetting extends PathSetting {
  /** Only through TURN, so that nobody's address is shown to another. */
  readonly hidden: boolean;
}

/** What a relay path is made for. */
export interface RelaySetting extends PathSetting {
  readonly openTunnel: OpenTunnel;
}

/** Loudness of tracks; see `media/levels.ts`. */
export interface LevelMeters {
  level(track: MediaStreamTrack, heard: (level: number) => void): () => void;
  speaking(track: MediaStreamTrack, changed: (speaking: boolean) => void): () => void;
}

export interface Ports {
  send(message: PageToBackend): void;
  transformsSupported(): boolean;
  /**
   * Starts a frame worker with a single-use ticket.
   *
   * @throws TransformsUnsupported if this browser has none
   */
  startWorker(ticket: string, events: WorkerEvents): CallWorker;
  makeMesh(setting: MeshSetting): MediaPath;
  makeRelay(setting: RelaySetting): MediaPath;
  /** Of the page: `http://127.0.0.1:<port>`. */
  origin(): string;
  openCamera(options: CaptureOptions): Promise<Capture>;
  openMicrophone(options: CaptureOptions): Promise<Capture>;
  openScreen(choice: ScreenChoice, options: ScreenOptions): Promise<ScreenCapture>;
  listDevices(): Promise<Devices>;
  watchDevices(changed: () => void): () => void;
  readonly levels: LevelMeters;
  copy(text: string): Promise<void>;
  /** Starts every sound that the browser held back; only helps in a click. */
  playSounds(): void;
  reload(): void;
  mark(name: "sotto:join-click"): void;
  /** Runs `later` after `milliseconds`. @returns calls it off */
  after(milliseconds: number, later: () => void): () => void;
}
