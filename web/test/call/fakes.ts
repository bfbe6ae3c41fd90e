import type { BackendToPage, PageToBackend } from "../../src/bridge/messages";
import { Controller } from "../../src/call/controller";
import type { CallWorker, Ports, WorkerEvents } from "../../src/call/ports";
import { EMPTY_PREFERENCES, type Participant, type Preferences } from "../../src/call/view-state";
import { type Capture, CaptureError, type CaptureProblem } from "../../src/media/capture";
import type { MediaPath, OpenTunnel, PathSetting } from "../../src/media/path";
import type { TrackName } from "../../src/media/tracks";

export const SELF = "selfAAAAAAAAAAAAAAAAAA";
export const BELA = "belaAAAAAAAAAAAAAAAAAA";
export const LINK = "https://sotto.example.org/j/AAAAAAAAAAAAAAAAAAAAAA#BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

/** A track that can be asked whether it was stopped. */
export class FakeTrack extends EventTarget {
  enabled = true;
  stopped = false;
  contentHint = "";
  constructor(readonly label: string) {
    super();
  }
  stop(): void {
    this.stopped = true;
  }
  async applyConstraints(): Promise<void> {}
}

function asMedia(track: FakeTrack): MediaStreamTrack {
  return track as unknown as MediaStreamTrack;
}

/** Remembers what it was told. */
export class FakeMesh implements MediaPath {
  peers: readonly string[] = [];
  readonly tracks = new Map<TrackName, MediaStreamTrack | null>();
  readonly signals: string[] = [];
  transforms: unknown[] = [];
  announced = 0;
  closed = false;
  constructor(readonly setting: PathSetting & { readonly hidden?: boolean; readonly openTunnel?: OpenTunnel }) {}
  setPeers(participants: readonly string[]): void {
    this.peers = participants;
  }
  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    this.tracks.set(track, media);
  }
  setShown(): void {}
  onSignal(from: string, session: string, data: string): void {
    this.signals.push(`${from} ${session} ${data}`);
  }
  announce(): void {
    this.announced++;
  }
  setIceServers(_: readonly RTCIceServer[]): void {}
  setTransforms(transforms: unknown): void {
    this.transforms.push(transforms);
  }
  async stats() {
    return [];
  }
  close(): void {
    this.closed = true;
  }
}

class FakeWorker implements CallWorker {
  closed = false;
  constructor(
    readonly ticket: string,
    readonly events: WorkerEvents,
  ) {}
  attachSender(): void {}
  attachReceiver(): void {}
  attachUnbound(): void {}
  rebind(): void {}
  unbind(): void {}
  expectInjected(): void {}
  async framesPassed(): Promise<number> {
    return 0;
  }
  async framesSeen(): Promise<number> {
    return 0;
  }
  async stats() {
    return [];
  }
  close(): void {
    this.closed = true;
  }
}

/** A controller among fakes. */
export class Bench {
  readonly sent: PageToBackend[] = [];
  readonly workers: FakeWorker[] = [];
  readonly meshes: FakeMesh[] = [];
  readonly opened: FakeTrack[] = [];
  readonly timers: { readonly milliseconds: number; run: () => void }[] = [];
  readonly marks: string[] = [];
  readonly copied: string[] = [];
  /** Speaking callbacks by the track's label. */
  readonly speaking = new Map<string, (speaks: boolean) => void>();
  cameraProblem: CaptureProblem | null = null;
  microphoneProblem: CaptureProblem | null = null;
  screenProblem: CaptureProblem | null = null;
  transforms = true;
  endScreen: (() => void) | undefined;
  readonly controller: Controller;

  constructor() {
    this.controller = new Controller(this.#ports());
  }

  get view() {
    return this.controller.store.state;
  }
  get act() {
    return this.controller.actions;
  }
  get worker(): FakeWorker {
    return last(this.workers);
  }
  get mesh(): FakeMesh {
    return last(this.meshes);
  }

  receive(message: BackendToPage): void {
    this.controller.receive(message);
  }

  sentOf<T extends PageToBackend["type"]>(type: T): Extract<PageToBackend, { type: T }>[] {
    return this.sent.filter((message): message is Extract<PageToBackend, { type: T }> => message.type === type);
  }

  /** Lets promises of opened devices come through. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }

  /** Runs what waits for at most so long. */
  elapse(milliseconds: number): void {
    const due = this.timers.filter((timer) => timer.milliseconds <= milliseconds);
    for (const timer of due) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.run();
    }
  }

  welcome(changes: { embedded?: boolean; openLink?: string | null; preferences?: Partial<Preferences> } = {}): void {
    this.receive({
      type: "welcome",
      version: 1,
      app: "Sotto 0.1.0",
      embedded: changes.embedded ?? false,
      server: "https://sotto.example.org",
      fingerprint: "00000 11111 22222 33333 44444 55555",
      preferences: { ...EMPTY_PREFERENCES, name: "Ada", ...changes.preferences },
      openLink: changes.openLink ?? null,
    });
  }

  workerReady(): void {
    this.receive({ type: "workerTicket", ticket: "T".repeat(43) });
    this.worker.events.ready();
  }

  callState(
    others: readonly Partial<Participant>[] = [],
    changes: Partial<Extract<BackendToPage, { type: "callState" }>> = {},
  ): void {
    this.receive({
      type: "callState",
      self: SELF,
      link: LINK,
      path: "direct",
      pathNumber: 0,
      maySetPath: true,
      relayOffered: false,
      epoch: 1,
      safetyNumber: null,
      server: "connected",
      iceServers: [],
      participants: [person({ id: SELF, name: "Ada", self: true }), ...others.map(person)],
      rules: { locked: false, membersSwitchPath: true, mayChange: false, mayNameHosts: false },
      waiting: [],
      removed: [],
      ...changes,
    });
  }

  /** Up to a call with Béla. */
  async inCall(): Promise<void> {
    this.welcome();
    this.workerReady();
    await this.settle();
    this.act.setLink(LINK);
    this.act.joinLink();
    this.callState([{ id: BELA, name: "Béla" }]);
  }

  #ports(): Ports {
    const capture = (label: string): Capture => {
      const track = new FakeTrack(label);
      this.opened.push(track);
      return { track: asMedia(track), label, stop: () => track.stop() };
    };
    const device = (problem: CaptureProblem | null, label: string | null, standard: string) => {
      if (problem && !(problem.kind === "missing" && label === null)) throw new CaptureError(problem);
      return capture(label ?? standard);
    };
    return {
      send: (message) => this.sent.push(message),
      transformsSupported: () => this.transforms,
      startWorker: (ticket, events) => {
        const worker = new FakeWorker(ticket, events);
        this.workers.push(worker);
        return worker;
      },
      makeMesh: (setting) => {
        const mesh = new FakeMesh(setting);
        this.meshes.push(mesh);
        return mesh;
      },
      makeRelay: (setting) => {
        const relay = new FakeMesh(setting);
        this.meshes.push(relay);
        return relay;
      },
      origin: () => "http://127.0.0.1:7000",
      openCamera: async ({ label }) => device(this.cameraProblem, label ?? null, "Camera 1"),
      openMicrophone: async ({ label }) => device(this.microphoneProblem, label ?? null, "Microphone 1"),
      openScreen: async (_, { onEnded }) => {
        if (this.screenProblem) throw new CaptureError(this.screenProblem);
        this.endScreen = onEnded;
        const screen = capture("Screen 1");
        return { screen, screenAudio: null, stop: () => screen.stop() };
      },
      listDevices: async () => ({ cameras: [{ label: "Camera 1" }], microphones: [{ label: "Microphone 1" }] }),
      watchDevices: () => () => {},
      levels: {
        level: () => () => {},
        speaking: (track, changed) => {
          this.speaking.set(track.label, changed);
          return () => this.speaking.delete(track.label);
        },
      },
      copy: async (text) => void this.copied.push(text),
      playSounds: () => {},
      reload: () => {},
      mark: (name) => this.marks.push(name),
      after: (milliseconds, run) => {
        const timer = { milliseconds, run };
        this.timers.push(timer);
        return () => {
          const index = this.timers.indexOf(timer);
          if (index >= 0) this.timers.splice(index, 1);
        };
      },
    };
  }
}

export function person(changes: Partial<Participant>): Participant {
  return {
    id: BELA,
    name: "Béla",
    fingerprint: "66666 77777 88888 99999 00000 11111",
    self: false,
    connected: true,
    host: false,
    media: { microphone: true, camera: true, screen: false, screenAudio: false },
    ...changes,
  };
}

export const PROBLEM = {
  code: "room.full",
  what: "The room is full.",
  privacy: "Nothing was sent.",
  next: "Try later.",
};

export function remoteTrack(label: string): MediaStreamTrack {
  return asMedia(new FakeTrack(label));
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error("there is none yet");
  return item;
}
