import type {
  CallState,
  JournalEntry,
  MediaState,
  Participant,
  Path,
  Preferences,
  Problem,
  ScreenSource,
  Stage,
  Welcome,
} from "../bridge/messages";
import type { PeerStatus } from "../media/mesh-events";
import type { PathState, ShownSize } from "../media/path";
import type { ScreenRate } from "../media/screen";
import type { TrackName } from "../media/tracks";

/*
 * What a person sees, as one immutable value. The controller makes it from bridge messages and media events; components
 * only read it. Nothing in here is a key or was made from one, except the safety number, which is public in the call.
 */

export type {
  CallState,
  JournalEntry,
  MediaState,
  Participant,
  Path,
  PathState,
  PeerStatus,
  Preferences,
  Problem,
  ScreenRate,
  ScreenSource,
  ShownSize,
  Stage,
  TrackName,
};

/** Where the person is. */
export type Phase =
  | { readonly kind: "connecting" }
  /** Another page is open; its user has to say yes first. */
  | { readonly kind: "waiting-for-yes" }
  | { readonly kind: "lobby" }
  | { readonly kind: "call" }
  /** The backend has closed this page's socket on purpose, or this browser can't run Sotto. */
  | { readonly kind: "closed"; readonly problem: Problem; readonly canReload: boolean }
  /** The backend is gone without a word. */
  | { readonly kind: "lost"; readonly inCall: boolean };

/** Why a camera or microphone can't be used; each has its own words. */
export type DeviceTrouble = "refused" | "missing" | "busy" | "failed";

export interface DeviceView {
  /** Devices are known by their labels: ids change with the origin. */
  readonly cameras: readonly string[];
  readonly microphones: readonly string[];
  /** Label of the device in use; null before one was opened. */
  readonly camera: string | null;
  readonly microphone: string | null;
  readonly cameraTrouble: DeviceTrouble | null;
  readonly microphoneTrouble: DeviceTrouble | null;
  readonly cameraTrack: MediaStreamTrack | null;
  readonly microphoneTrack: MediaStreamTrack | null;
  /** True while devices are being opened. */
  readonly opening: boolean;
}

export interface LobbyView {
  readonly name: string;
  readonly link: string;
  /** How the new room's calls travel. */
  readonly path: Path;
  /** Link that the app was started with. */
  readonly invitation: string | null;
  /** What is being done; null while the lobby waits for its user. */
  readonly busy: "creating" | "joining" | null;
  readonly stage: Stage | null;
  readonly nameMissing: boolean;
  /** Why the link can't be used; shown at the link. */
  readonly linkProblem: Problem | null;
  /** Why the last try or the last call ended. */
  readonly problem: Problem | null;
  /** True after the user has left a call. */
  readonly left: boolean;
}

export interface RemoteTracks {
  readonly microphone?: MediaStreamTrack;
  readonly camera?: MediaStreamTrack;
  readonly screen?: MediaStreamTrack;
  readonly "screen-audio"?: MediaStreamTrack;
}

/** Frames per second of a shared screen. */
export const SCREEN_RATES: readonly ScreenRate[] = [5, 15, 30];

export interface SharingView {
  readonly rate: ScreenRate;
  readonly screenTrack: MediaStreamTrack | null;
  readonly screenAudioTrack: MediaStreamTrack | null;
  /** The app window's own picker; null while closed. `sources` is null while they are being listed. */
  readonly picker: { readonly sources: readonly ScreenSource[] | null } | null;
}

export type PanelName = "people" | "devices" | "safety" | "privacy" | "journal" | "debug";

/** One line of the debug panel; null is what the browser does not tell. */
export interface StreamStats {
  readonly participant: string;
  readonly name: string;
  readonly track: TrackName;
  readonly direction: "send" | "receive";
  readonly bitsPerSecond: number | null;
  readonly framesPerSecond: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly packetsLost: number | null;
  /** Frames that reached the decrypting transform. */
  readonly framesSeen: number | null;
  readonly framesDecoded: number | null;
  readonly freezes: number | null;
  readonly roundTripMs: number | null;
  /** Type of the own end of the path: `host`, `srflx`, `prflx` or `relay`. */
  readonly route: string | null;
}

export interface PathView {
  readonly path: Path;
  readonly number: number;
  readonly state: PathState;
}

export interface AlarmView {
  readonly id: number;
  readonly problem: Problem;
}

export interface ToastView {
  readonly id: number;
  readonly text: string;
}

export interface ViewState {
  readonly phase: Phase;
  readonly welcome: Pick<Welcome, "app" | "embedded" | "server" | "fingerprint"> | null;
  readonly preferences: Preferences;
  readonly lobby: LobbyView;
  readonly devices: DeviceView;
  /** The app window's question whether camera and microphone may be used. */
  readonly consentAsked: boolean;
  /** What this person means to send. */
  readonly media: MediaState;
  readonly sharing: SharingView;
  readonly call: CallState | null;
  readonly tracks: ReadonlyMap<string, RemoteTracks>;
  /** Tracks that play out of sight until they have shown something, and then take the place of those in `tracks`. */
  readonly coming: ReadonlyMap<string, RemoteTracks>;
  /** Paths in use, oldest first: more than one while the call moves. */
  readonly paths: readonly PathView[];
  /** Number of a path whose loss the person has seen; it is not said again until that path is another. */
  readonly lossSetAside: number | null;
  /** The switch that waits for a yes; null for none. */
  readonly pathAsked: Path | null;
  readonly connections: ReadonlyMap<string, PeerStatus>;
  readonly speaking: ReadonlySet<string>;
  /** True when the browser holds back sound until there was a click. */
  readonly soundHeld: boolean;
  /** True while a new frame worker takes the place of a dead one. */
  readonly workerAway: boolean;
  readonly panel: PanelName | null;
  readonly journal: readonly JournalEntry[];
  readonly stats: readonly StreamStats[];
  readonly alarms: readonly AlarmView[];
  readonly toasts: readonly ToastView[];
  readonly anotherPage: { readonly request: string; readonly userAgent: string } | null;
}

export const EMPTY_PREFERENCES: Preferences = {
  name: "",
  cameraLabel: "",
  microphoneLabel: "",
  microphoneOn: true,
  cameraOn: true,
  mediaAllowed: false,
};

export const START: ViewState = {
  phase: { kind: "connecting" },
  welcome: null,
  preferences: EMPTY_PREFERENCES,
  lobby: {
    name: "",
    link: "",
    path: "direct",
    invitation: null,
    busy: null,
    stage: null,
    nameMissing: false,
    linkProblem: null,
    problem: null,
    left: false,
  },
  devices: {
    cameras: [],
    microphones: [],
    camera: null,
    microphone: null,
    cameraTrouble: null,
    microphoneTrouble: null,
    cameraTrack: null,
    microphoneTrack: null,
    opening: false,
  },
  consentAsked: false,
  media: { microphone: true, camera: true, screen: false, screenAudio: false },
  sharing: { rate: 15, screenTrack: null, screenAudioTrack: null, picker: null },
  call: null,
  tracks: new Map(),
  coming: new Map(),
  paths: [],
  lossSetAside: null,
  pathAsked: null,
  connections: new Map(),
  speaking: new Set(),
  soundHeld: false,
  workerAway: false,
  panel: null,
  journal: [],
  stats: [],
  alarms: [],
  toasts: [],
  anotherPage: null,
};

/** Everything a person can do. */
export interface Actions {
  setName(name: string): void;
  setLink(link: string): void;
  newRoom(): void;
  /** The path of the room that is to be made. */
  choosePath(path: Path): void;
  /** Asks whether the call is to take another path; null sets the question aside. */
  askPath(path: Path | null): void;
  /** Waits for a lost path to come back. */
  setAsideLoss(): void;
  /** Moves the call, for everybody. */
  setPath(path: Path): void;
  /** A picture was painted. */
  painted(participant: string, track: TrackName, media: MediaStreamTrack): void;
  /** A picture is drawn at this size, in device pixels; null while nothing of it is seen. */
  shown(participant: string, track: TrackName, size: ShownSize | null): void;
  joinLink(): void;
  joinInvitation(): void;
  setAsideInvitation(): void;
  leave(): void;
  toggleMicrophone(): void;
  toggleCamera(): void;
  chooseCamera(label: string): void;
  chooseMicrophone(label: string): void;
  retryDevices(): void;
  answerConsent(allow: boolean): void;
  toggleSharing(): void;
  shareSource(source: ScreenSource): void;
  setScreenRate(rate: ScreenRate): void;
  closePicker(): void;
  refreshPicker(): void;
  togglePanel(panel: PanelName): void;
  closePanel(): void;
  copyLink(): void;
  setRules(rules: { locked: boolean; membersSwitchPath: boolean }): void;
  admit(id: string, allow: boolean): void;
  removeParticipant(id: string): void;
  liftRemoval(id: string): void;
  nameHost(id: string, host: boolean): void;
  dismissAlarm(id: number): void;
  dismissToast(id: number): void;
  dismissLobbyProblem(): void;
  answerPage(allow: boolean): void;
  letSoundThrough(): void;
  reportSoundHeld(): void;
  reload(): void;
}
