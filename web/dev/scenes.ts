import {
  type CallState,
  type JournalEntry,
  type Participant,
  type Problem,
  type RemoteTracks,
  START,
  type StreamStats,
  type ViewState,
} from "../src/call/view-state";
import { painting } from "./painting";

/* Made-up states for the harness and for component tests. */

const NAMES = [
  "Ada Lindqvist",
  "Béla Nagy",
  "Chidi Okafor",
  "Dalia Ferreira dos Santos",
  "Eun-ji Park",
  "Farid",
  "Greta",
];

const SERVER = "https://sotto.example.org";
const LINK = `${SERVER}/j/3q2-7wEjRWeJq83vASNFZw#5vJYkQ2m0sT1bXrL9aZcWnHd8uEoKpIf4gVtBxMy7Rs.dq83vASNFZ4mrze8BI0Vniw`;

function idOf(index: number): string {
  return `person${index}`.padEnd(22, "A");
}

function fingerprintOf(index: number): string {
  return Array.from({ length: 6 }, (_, group) =>
    `${(index * 7919 + group * 104_729 + 31_337) % 100_000}`.padStart(5, "0"),
  ).join(" ");
}

function person(index: number, changes: Partial<Participant> = {}): Participant {
  return {
    id: idOf(index),
    name: NAMES[index] ?? `Person ${index}`,
    fingerprint: fingerprintOf(index),
    self: index === 0,
    connected: true,
    host: index === 0,
    media: { microphone: true, camera: true, screen: false, screenAudio: false },
    ...changes,
  };
}

const WELCOME = { app: "Sotto 0.1.0", embedded: true, server: SERVER, fingerprint: fingerprintOf(0) };

function call(participants: readonly Participant[], changes: Partial<CallState> = {}): CallState {
  return {
    type: "callState",
    self: idOf(0),
    link: LINK,
    path: "direct",
    pathNumber: 0,
    maySetPath: true,
    relayOffered: false,
    epoch: 7,
    safetyNumber: participants.length > 1 ? "408152299107364582016699133075284410927755861203495078316642" : null,
    server: "connected",
    iceServers: [],
    participants: [...participants],
    rules: { locked: false, membersSwitchPath: true, mayChange: true, mayNameHosts: true },
    waiting: [],
    removed: [],
    ...changes,
  };
}

function lobby(changes: Partial<ViewState> = {}): ViewState {
  return {
    ...START,
    phase: { kind: "lobby" },
    welcome: WELCOME,
    lobby: { ...START.lobby, name: "Ada Lindqvist" },
    devices: {
      ...START.devices,
      cameras: ["FaceTime HD Camera"],
      microphones: ["Scarlett Solo USB"],
      camera: "FaceTime HD Camera",
      microphone: "Scarlett Solo USB",
      cameraTrack: painting(0),
    },
    ...changes,
  };
}

function inCall(participants: readonly Participant[], changes: Partial<ViewState> = {}): ViewState {
  const tracks = new Map<string, RemoteTracks>();
  participants.forEach((who, index) => {
    const camera = who.media.camera ? painting(index) : null;
    const screen = who.media.screen ? painting(-1) : null;
    tracks.set(who.id, { ...(camera && { camera }), ...(screen && { screen }) });
  });
  return {
    ...lobby(),
    phase: { kind: "call" },
    call: call(participants),
    tracks,
    connections: new Map(participants.map((who) => [who.id, "connected"])),
    ...changes,
  };
}

const OFF = { microphone: false, camera: false, screen: false, screenAudio: false };
const MUTED = { ...OFF, camera: true };
const TWO = [person(0), person(1)];
const THREE = [person(0), person(1), person(2, { media: { ...OFF, microphone: true } })];
const FIVE = [person(0), person(1), person(2, { media: OFF }), person(3, { media: MUTED }), person(4)];

export const ALARM: Problem = {
  code: "log.forked",
  what: "The server has shown you and Béla Nagy two different histories of this room.",
  privacy: "Pictures and voices stay encrypted. But the server may be trying to hide who came or went.",
  next: "Compare the safety number. If it differs, leave and make a new room on another server.",
};

const LINK_PROBLEM: Problem = {
  code: "link.malformed",
  what: "This is not a whole Sotto link.",
  privacy: "",
  next: "Copy it again from start to end; it ends with a # and 43 characters.",
};

const SERVER_PROBLEM: Problem = {
  code: "server.unreachable",
  what: "The server sotto.example.org does not answer.",
  privacy: "Nothing was sent.",
  next: "Check your connection and try again in a moment.",
};

function journal(): JournalEntry[] {
  const start = Date.UTC(2026, 10, 22, 18, 4, 12, 90);
  const rows: [string, string, string][] = [
    ["made", "identity/1", "Identity key of this profile"],
    ["made", "leaf/2", "Leaf signature key for this room"],
    ["derived", "frame/11", "Ada Lindqvist, camera, epoch 1"],
    ["delivered", "frame/11", "To the frame worker, sealed"],
    ["derived", "frame/12", "Ada Lindqvist, microphone, epoch 1"],
    ["delivered", "frame/12", "To the frame worker, sealed"],
    ["switched", "frame/11", "Camera now sends with it"],
    ["derived", "frame/17", "Béla Nagy, camera, epoch 2"],
    ["delivered", "frame/17", "To the frame worker, sealed"],
    ["switched", "frame/21", "Camera now sends with it"],
    ["destroyed", "frame/11", "Epoch 1 is over"],
    ["destroyed", "frame/12", "Epoch 1 is over"],
  ];
  return rows.map(([event, key, detail], index) => ({
    number: index + 1,
    time: start + index * 137,
    event,
    key,
    detail,
  }));
}

function streams(): StreamStats[] {
  const row = (index: number, direction: "send" | "receive", track: "camera" | "microphone"): StreamStats => ({
    participant: idOf(index),
    name: NAMES[index] ?? "",
    track,
    direction,
    bitsPerSecond: track === "camera" ? 1_240_000 + index * 31_000 : 41_000,
    framesPerSecond: track === "camera" ? 30 : null,
    width: track === "camera" ? 1280 : null,
    height: track === "camera" ? 720 : null,
    packetsLost: index,
    roundTripMs: 18 + index,
    framesSeen: 8123 + index,
    framesDecoded: track === "camera" ? 8117 + index : null,
    freezes: track === "camera" ? 0 : null,
    route: "host",
  });
  return [1, 2].flatMap((index) =>
    (["receive", "send"] as const).flatMap((direction) =>
      (["camera", "microphone"] as const).map((track) => row(index, direction, track)),
    ),
  );
}

/** Every scene by its name in the address. */
export const SCENES: Record<string, () => ViewState> = {
  connecting: () => START,
  lobby: () => lobby(),
  "lobby-invited": () => lobby({ lobby: { ...START.lobby, name: "Ada Lindqvist", invitation: LINK } }),
  "lobby-new-person": () =>
    lobby({
      lobby: { ...START.lobby, nameMissing: true },
      devices: {
        ...START.devices,
        cameras: [],
        microphones: [],
        cameraTrouble: "missing",
        microphoneTrouble: "missing",
      },
    }),
  "lobby-camera-busy": () => lobby({ devices: { ...lobby().devices, cameraTrack: null, cameraTrouble: "busy" } }),
  "lobby-bad-link": () =>
    lobby({ lobby: { ...START.lobby, name: "Ada Lindqvist", link: "https://sotto.exam", linkProblem: LINK_PROBLEM } }),
  "lobby-failed": () => lobby({ lobby: { ...START.lobby, name: "Ada Lindqvist", problem: SERVER_PROBLEM } }),
  "lobby-joining": () =>
    lobby({ lobby: { ...START.lobby, name: "Ada Lindqvist", busy: "joining", stage: "asking-to-join" } }),
  "lobby-waiting": () =>
    lobby({ lobby: { ...START.lobby, name: "Ada Lindqvist", busy: "joining", stage: "waiting-for-host" } }),
  "lobby-waiting-alone": () =>
    lobby({ lobby: { ...START.lobby, name: "Ada Lindqvist", busy: "joining", stage: "waiting-for-absent-host" } }),
  "host-panel": () =>
    inCall(FIVE, {
      panel: "people",
      call: call(FIVE, {
        rules: { locked: true, membersSwitchPath: true, mayChange: true, mayNameHosts: true },
        waiting: [{ id: idOf(8), name: "Noor Haddad", fingerprint: fingerprintOf(8) }],
        removed: [{ id: idOf(9), name: "Someone Loud", fingerprint: fingerprintOf(9) }],
      }),
    }),
  consent: () => lobby({ consentAsked: true, devices: START.devices }),
  alone: () => inCall([person(0)]),
  "call-2": () => inCall(TWO, { speaking: new Set([idOf(1)]) }),
  "call-3": () => inCall(THREE, { speaking: new Set([idOf(2)]) }),
  "call-5": () =>
    inCall(FIVE, {
      speaking: new Set([idOf(1)]),
      connections: new Map([0, 1, 2, 3, 4].map((index) => [idOf(index), index === 4 ? "connecting" : "connected"])),
    }),
  "call-7": () =>
    inCall(
      Array.from({ length: 7 }, (_, index) => person(index)),
      { speaking: new Set([idOf(5)]) },
    ),
  "screen-remote": () =>
    inCall([person(0), person(1, { media: { ...MUTED, microphone: true, screen: true } }), person(2, { media: OFF })], {
      speaking: new Set([idOf(1)]),
    }),
  "screen-own": () =>
    inCall(THREE, {
      media: { microphone: false, camera: true, screen: true, screenAudio: false },
      sharing: { ...START.sharing, screenTrack: painting(-1) },
    }),
  picker: () =>
    inCall(TWO, {
      sharing: {
        ...START.sharing,
        picker: {
          sources: [
            { id: "screen:0:0", title: "Screen 1, 2560 × 1440", window: false },
            { id: "screen:1:0", title: "Screen 2, 1920 × 1080", window: false },
            { id: "window:41:0", title: "Score of the quartet, page 3 – Document viewer", window: true },
            { id: "window:42:0", title: "Terminal", window: true },
            { id: "window:43:0", title: "Letters", window: true },
          ],
        },
      },
    }),
  alarm: () => inCall(THREE, { alarms: [{ id: 1, problem: ALARM }] }),
  reconnecting: () => inCall(THREE, { call: call(THREE, { server: "reconnecting" }) }),
  "worker-away": () => inCall(TWO, { workerAway: true }),
  "sound-held": () => inCall(TWO, { soundHeld: true, toasts: [{ id: 1, text: "Link copied" }] }),
  people: () => inCall([...THREE, person(3, { connected: false })], { panel: "people" }),
  devices: () => inCall(THREE, { panel: "devices" }),
  safety: () => inCall(THREE, { panel: "safety" }),
  privacy: () => inCall(THREE, { panel: "privacy" }),
  journal: () => inCall(THREE, { panel: "journal", journal: journal() }),
  debug: () => inCall(THREE, { panel: "debug", stats: streams() }),
  "another-page": () =>
    inCall(TWO, { anotherPage: { request: "r", userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0" } }),
  "wait-for-yes": () => ({ ...START, phase: { kind: "waiting-for-yes" } }),
  lost: () => ({ ...START, phase: { kind: "lost", inCall: true } }),
  closed: () => ({
    ...START,
    phase: {
      kind: "closed",
      canReload: false,
      problem: {
        code: "browser.no-transforms",
        what: "This browser can’t encrypt calls frame by frame.",
        privacy: "Sotto never sends a call in any other way, so nothing was sent.",
        next: "Use the Sotto window, or a current Chromium, Chrome or Edge.",
      },
    },
  }),
};
