import type { MeshProblem, PeerStats, PeerStatus } from "../media/mesh-events";
import type { MediaPath, PathEvents, PathState, ShownSize } from "../media/path";
import { newSession } from "../media/signals";
import type { TrackName } from "../media/tracks";
import { type OpenPath, type PathChoice, PathSwitch } from "./path-switch";
import type { CallWorker, Ports } from "./ports";
import { NO_TURN } from "./problems";
import { RemoteMediaBoard } from "./remote-media";
import type { Store } from "./store";
import type { Tunnels } from "./tunnels";
import type { CallState } from "./view-state";

/** Signals kept until there is a path: after a reload they may come before the worker is ready. */
const MOST_EARLY_SIGNALS = 256;
/** How often a sound that is to take another's place is looked at. */
const LISTEN_MS = 100;
/** Sound that must have been decoded before it takes another's place: a tenth of a second at 48 kHz. */
const SAMPLES = 4_800;
/** After this a track takes its place without having shown anything: a camera may send nothing for a while. */
const PLAYED_WITHIN_MS = 8_000;
/** What takes the place of something that goes on over another path runs for so long before: the first pictures come late. */
const SETTLED_MS = 500;
/** A direct path that has connected nobody for so long can't be opened from here. */
const MESH_WITHIN_MS = 15_000;

/**
 * The media of the running call: follows the backend's call state over one path or, while the call moves, two, and puts
 * what they receive into the view. There is a path only where there is a call and a worker; so nothing is ever connected
 * that could not be encrypted.
 */
export class CallMedia {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #tunnels: Tunnels;
  readonly #toast: (text: string) => void;
  readonly #own = new Map<TrackName, MediaStreamTrack>();
  readonly #listening = new Map<string, () => void>();
  readonly #board = new RemoteMediaBoard();
  /** Of each path, how it fares with each person. */
  readonly #statuses = new Map<number, Map<string, PeerStatus>>();
  /** Paths over which somebody was reached. */
  readonly #reached = new Set<number>();
  #call: CallState | null = null;
  #switch: PathSwitch | null = null;
  #switchSelf = "";
  #worker: CallWorker | null = null;
  #early: { from: string; session: string; data: string }[] = [];
  #cancelListen: (() => void) | null = null;

  constructor(ports: Ports, store: Store, tunnels: Tunnels, toast: (text: string) => void) {
    this.#ports = ports;
    this.#store = store;
    this.#tunnels = tunnels;
    this.#toast = toast;
  }

  get paths(): readonly OpenPath[] {
    return this.#switch?.paths ?? [];
  }

  async stats(): Promise<readonly PeerStats[]> {
    return (await this.#switch?.stats()) ?? [];
  }

  /** The backend's word on the call: the full truth about who is in it, and which path it takes. */
  follow(call: CallState): void {
    const before = this.#call;
    this.#call = call;
    // Who had to enter the room anew is somebody else to everyone there, and signs and is signed to as such.
    if (this.#switch && this.#switchSelf !== call.self) this.#closeAll();
    if (!this.#switch) {
      this.#open();
      return;
    }
    if (before && JSON.stringify(before.iceServers) !== JSON.stringify(call.iceServers)) {
      this.#switch.setIceServers(iceServersOf(call));
      if (this.#switch.newest?.path === "hidden" && this.#switch.newest.state.kind === "lost") this.#switch.reopen();
    }
    this.#forgetGone(call);
    const { newest } = this.#switch;
    const wasAlone = before !== null && othersIn(before).length === 0;
    if (newest?.path === "hidden" && wasAlone && othersIn(call).length > 0) this.#tellIfInVain(newest);
    if (this.#worker) {
      this.#switch.setPeers(othersIn(call));
      this.#switch.follow(choiceOf(call));
    }
    if (before?.server === "reconnecting" && call.server === "connected") this.#switch.announce();
  }

  /** A worker is ready: the first, or one in place of another. Null when it is gone and nothing can be encrypted. */
  useWorker(worker: CallWorker | null): void {
    this.#worker = worker;
    if (!worker) return;
    if (this.#switch && this.#call) {
      this.#switch.setTransforms(worker);
      this.#switch.setPeers(othersIn(this.#call));
      this.#switch.follow(choiceOf(this.#call));
    } else {
      this.#open();
    }
  }

  /** What this person sends as `track` from now on; kept for a path that comes later. */
  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    if (media) this.#own.set(track, media);
    else this.#own.delete(track);
    this.#switch?.setTrack(track, media);
    if (track === "microphone") this.#listen("", media ?? undefined);
  }

  signal(from: string, session: string, data: string): void {
    if (this.#switch) this.#switch.signal(from, session, data);
    else if (this.#early.length < MOST_EARLY_SIGNALS) this.#early.push({ from, session, data });
  }

  /** A picture of this track was painted, out of sight or not. */
  painted(participant: string, track: TrackName, media: MediaStreamTrack): void {
    const replaced = this.#board.replaces(participant, track, media);
    const goesOn = this.paths.some(({ number, state }) => number === replaced && state.kind === "open");
    if (goesOn) this.#ports.after(SETTLED_MS, () => this.#played(participant, track, media));
    else this.#played(participant, track, media);
  }

  #played(participant: string, track: TrackName, media: MediaStreamTrack): void {
    if (!this.#board.played(participant, track, media)) return;
    this.#show();
    this.#switch?.review();
  }

  /** A picture is drawn at this size from now on; null while nothing of it is seen. */
  shown(participant: string, track: TrackName, size: ShownSize | null): void {
    this.#switch?.setShown(participant, track, size);
  }

  /** The call is over: connections end, and nothing of the others stays. The own tracks stay for the next call. */
  end(): void {
    this.#closeAll();
    this.#call = null;
    this.#early = [];
  }

  #open(): void {
    const call = this.#call;
    if (!call || !this.#worker) return;
    const opened = new PathSwitch(
      {
        make: (choice) => this.#make(choice),
        send: (to, session, data) => this.#ports.send({ type: "signal", to, session, data }),
        closed: (number) => this.#closed(number),
        changed: () => this.#showPaths(),
        movedTo: (number, participant) => this.#movedTo(number, participant),
        after: (milliseconds, later) => this.#ports.after(milliseconds, later),
      },
      newSession(),
    );
    this.#switch = opened;
    this.#switchSelf = call.self;
    for (const [track, media] of this.#own) opened.setTrack(track, media);
    opened.setPeers(othersIn(call));
    opened.follow(choiceOf(call));
    for (const { from, session, data } of this.#early) opened.signal(from, session, data);
    this.#early = [];
  }

  #make(choice: PathChoice): MediaPath {
    const { number, path } = choice;
    const call = this.#call;
    const worker = this.#worker;
    if (!call || !worker) throw new TypeError("a path is made for a call, with a worker");
    const setting = {
      self: call.self,
      transforms: worker,
      iceServers: iceServersOf(call),
      sendSignal: (to: string, session: string, data: string) => this.#switch?.send(number, to, session, data),
      events: this.#events(number),
    };
    if (path === "relay") return this.#ports.makeRelay({ ...setting, openTunnel: this.#tunnels.open });
    const later = (state: PathState) => queueMicrotask(() => this.#switch?.setState(number, state));
    if (path === "hidden" && !call.iceServers.some(({ url }) => /^turns?:/.test(url))) {
      later({ kind: "lost", reason: { kind: "refused", problem: NO_TURN } });
      return NO_PATH;
    }
    if (othersIn(call).length === 0) later({ kind: "open" });
    this.#tellIfInVain(choice);
    return this.#ports.makeMesh({ ...setting, hidden: path === "hidden" });
  }

  /** A path without a relay may lead to nobody. */
  #tellIfInVain({ path, number }: PathChoice): void {
    this.#ports.after(MESH_WITHIN_MS, () => {
      const made = this.paths.find((one) => one.number === number);
      if (made?.path !== path || this.#reached.has(number) || !this.#call) return;
      // Alone in the call it was open; whether TURN works shows when somebody comes. Of direct connections each one's own
      // status tells.
      const untried = path === "hidden" && made.state.kind === "open" && othersIn(this.#call).length > 0;
      if (made.state.kind === "opening" || untried)
        this.#switch?.setState(number, { kind: "lost", reason: { kind: "unreachable" } });
    });
  }

  #closeAll(): void {
    this.#switch?.close();
    this.#switch = null;
    this.#statuses.clear();
    this.#reached.clear();
    this.#board.clear();
    for (const [participant, stop] of this.#listening) {
      if (participant === "") continue;
      stop();
      this.#listening.delete(participant);
    }
    this.#store.set({
      tracks: new Map(),
      coming: new Map(),
      connections: new Map(),
      speaking: new Set(),
      paths: [],
    });
  }

  #events(number: number): PathEvents {
    return {
      state: (state) => this.#switch?.setState(number, state),
      trackAdded: (participant, track, media) => this.#added(number, participant, track, media),
      trackRemoved: (participant, track) => {
        this.#board.removed(number, participant, track);
        this.#show();
        this.#switch?.review();
      },
      status: (participant, status) => this.#setStatus(number, participant, status),
      problem: (participant, problem) => this.#tellProblem(participant, problem),
    };
  }

  #added(number: number, participant: string, track: TrackName, media: MediaStreamTrack): void {
    const waits = this.#board.added(number, participant, track, media);
    this.#show();
    if (!waits) return;
    this.#ports.after(PLAYED_WITHIN_MS, () => this.painted(participant, track, media));
    this.#listenForComing();
  }

  /** Looks at the sounds that play out of earshot, until none does: one that was decoded takes its place. */
  #listenForComing(): void {
    this.#cancelListen ??= this.#ports.after(LISTEN_MS, async () => {
      const sounds = this.#board.comingSounds;
      for (const number of new Set(sounds.map(({ path }) => path))) {
        const stats = await this.paths
          .find((path) => path.number === number)
          ?.media.stats()
          .catch(() => []);
        for (const { participant, track, media } of sounds.filter(({ path }) => path === number)) {
          const heard = stats
            ?.find((peer) => peer.participant === participant)
            ?.received.find((received) => received.track === track);
          if ((heard?.totalSamplesReceived ?? 0) - (heard?.concealedSamples ?? 0) >= SAMPLES)
            this.painted(participant, track, media);
        }
      }
      this.#cancelListen = null;
      if (this.#board.comingSounds.length > 0) this.#listenForComing();
    });
  }

  #closed(number: number): void {
    this.#statuses.delete(number);
    this.#reached.delete(number);
    this.#board.drop(number);
    this.#show();
    this.#showConnections();
  }

  /** Everything of theirs is shown over the newest path, and it leads to them. */
  #movedTo(number: number, participant: string): boolean {
    return this.#statuses.get(number)?.get(participant) === "connected" && this.#board.movedTo(number, participant);
  }

  /** Puts the board into the view. */
  #show(): void {
    const before = this.#store.state.tracks;
    const { tracks } = this.#board;
    this.#store.set({ tracks, coming: this.#board.coming });
    for (const participant of new Set([...before.keys(), ...tracks.keys()])) {
      const media = tracks.get(participant)?.microphone;
      if (before.get(participant)?.microphone !== media) this.#listen(participant, media);
    }
  }

  #showPaths(): void {
    const paths = this.paths.map(({ path, number, state }) => ({ path, number, state }));
    // A path that was open again may be lost again, which is news.
    const news = paths.at(-1)?.state.kind === "open";
    this.#store.set({ paths, ...(news && { lossSetAside: null }) });
  }

  #setStatus(number: number, participant: string, status: PeerStatus): void {
    const statuses = this.#statuses.get(number) ?? new Map<string, PeerStatus>();
    this.#statuses.set(number, statuses.set(participant, status));
    if (status === "connected") this.#reached.add(number);
    this.#showConnections();
    const path = this.paths.find((one) => one.number === number);
    if (path === undefined) return;
    if (path.path !== "relay" && path.state.kind !== "open" && status === "connected")
      this.#switch?.setState(number, { kind: "open" });
    else this.#switch?.review();
  }

  /** The best of the paths counts. */
  #showConnections(): void {
    const best = new Map<string, PeerStatus>();
    const rank: readonly PeerStatus[] = ["failed", "connecting", "reconnecting", "connected"];
    for (const statuses of this.#statuses.values()) {
      for (const [participant, status] of statuses) {
        if (rank.indexOf(status) > rank.indexOf(best.get(participant) ?? "failed") || !best.has(participant))
          best.set(participant, status);
      }
    }
    this.#store.set({ connections: best });
  }

  #tellProblem(participant: string, problem: MeshProblem): void {
    const reason = "reason" in problem ? problem.reason : "track" in problem ? problem.track : "";
    console.warn("Connection to", participant, problem.kind, reason);
    if (problem.kind === "no-transforms" && this.#worker) {
      this.#toast("Somebody could not be connected: encryption did not start. Nothing was sent to them.");
    }
  }

  /** Watches who speaks: "" stands for this person, whose id changes from call to call. */
  #listen(participant: string, media: MediaStreamTrack | undefined): void {
    this.#listening.get(participant)?.();
    this.#listening.delete(participant);
    this.#setSpeaking(participant, false);
    if (!media) return;
    this.#listening.set(
      participant,
      this.#ports.levels.speaking(media, (speaking) => this.#setSpeaking(participant, speaking)),
    );
  }

  #setSpeaking(participant: string, speaks: boolean): void {
    const id = participant === "" ? (this.#call?.self ?? "") : participant;
    const { speaking } = this.#store.state;
    if (id === "" || speaking.has(id) === speaks) return;
    const now = new Set(speaking);
    if (speaks) now.add(id);
    else now.delete(id);
    this.#store.set({ speaking: now });
  }

  /** Paths are silent about people they were told to drop. */
  #forgetGone(call: CallState): void {
    const here = new Set(call.participants.map((person) => person.id));
    const { tracks, connections } = this.#store.state;
    const gone = [...new Set([...tracks.keys(), ...connections.keys()])].filter((id) => !here.has(id));
    if (gone.length === 0) return;
    for (const id of gone) {
      this.#board.forget(id);
      for (const statuses of this.#statuses.values()) statuses.delete(id);
    }
    this.#show();
    this.#showConnections();
  }
}

/** In place of a path that must not be opened. */
const NO_PATH: MediaPath = {
  setPeers() {},
  setTrack() {},
  setShown() {},
  onSignal() {},
  announce() {},
  setIceServers() {},
  setTransforms() {},
  stats: async () => [],
  close() {},
};

function choiceOf(call: CallState): PathChoice {
  return { path: call.path, number: call.pathNumber };
}

function othersIn(call: CallState): string[] {
  return call.participants.filter((person) => person.id !== call.self).map((person) => person.id);
}

function iceServersOf(call: CallState): RTCIceServer[] {
  return call.iceServers.map(({ url, username, credential }) => ({
    urls: url,
    ...(username !== null && { username }),
    ...(credential !== null && { credential }),
  }));
}
