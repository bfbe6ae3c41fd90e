import type { MeshEvents, MeshProblem, PeerStatus } from "../media/mesh-events";
import type { TrackName } from "../media/tracks";
import type { CallMesh, CallWorker, Ports } from "./ports";
import type { Store } from "./store";
import type { CallState, RemoteTracks } from "./view-state";

/** Signals kept until the mesh is there: after a reload they may come before the worker is ready. */
const MOST_EARLY_SIGNALS = 256;

/**
 * The media of the running call: follows the backend's call state with a mesh, and puts what it receives into the view.
 * There is a mesh only where there is a call and a worker; so nothing is ever connected that could not be encrypted.
 */
export class CallMedia {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #toast: (text: string) => void;
  readonly #own = new Map<TrackName, MediaStreamTrack>();
  readonly #listening = new Map<string, () => void>();
  #call: CallState | null = null;
  #mesh: CallMesh | null = null;
  #meshSelf = "";
  #worker: CallWorker | null = null;
  #early: { from: string; session: string; data: string }[] = [];

  constructor(ports: Ports, store: Store, toast: (text: string) => void) {
    this.#ports = ports;
    this.#store = store;
    this.#toast = toast;
  }

  get mesh(): CallMesh | null {
    return this.#mesh;
  }

  /** The backend's word on the call: the full truth about who is in it. */
  follow(call: CallState): void {
    const before = this.#call;
    this.#call = call;
    // Who had to enter the room anew is somebody else to everyone there, and signs and is signed to as such.
    if (this.#mesh && this.#meshSelf !== call.self) this.#closeMesh();
    if (!this.#mesh) {
      this.#openMesh();
      return;
    }
    if (before && JSON.stringify(before.iceServers) !== JSON.stringify(call.iceServers)) {
      this.#mesh.setIceServers(iceServersOf(call));
    }
    if (this.#worker) this.#mesh.setPeers(othersIn(call));
    if (before?.server === "reconnecting" && call.server === "connected") this.#mesh.announce();
    this.#forgetGone(call);
  }

  /** A worker is ready: the first, or one in place of another. Null when it is gone and nothing can be encrypted. */
  useWorker(worker: CallWorker | null): void {
    this.#worker = worker;
    if (!worker) return;
    if (this.#mesh && this.#call) {
      this.#mesh.setTransforms(worker);
      this.#mesh.setPeers(othersIn(this.#call));
    } else {
      this.#openMesh();
    }
  }

  /** What this person sends as `track` from now on; kept for a mesh that comes later. */
  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    if (media) this.#own.set(track, media);
    else this.#own.delete(track);
    this.#mesh?.setTrack(track, media);
    if (track === "microphone") this.#listen("", media ?? undefined);
  }

  signal(from: string, session: string, data: string): void {
    if (this.#mesh) this.#mesh.onSignal(from, session, data);
    else if (this.#early.length < MOST_EARLY_SIGNALS) this.#early.push({ from, session, data });
  }

  /** The call is over: connections end, and nothing of the others stays. The own tracks stay for the next call. */
  end(): void {
    this.#closeMesh();
    this.#call = null;
    this.#early = [];
  }

  #openMesh(): void {
    const call = this.#call;
    if (!call || !this.#worker) return;
    const mesh = this.#ports.makeMesh({
      self: call.self,
      transforms: this.#worker,
      iceServers: iceServersOf(call),
      sendSignal: (to, session, data) => this.#ports.send({ type: "signal", to, session, data }),
      events: this.#events(),
    });
    this.#mesh = mesh;
    this.#meshSelf = call.self;
    for (const [track, media] of this.#own) mesh.setTrack(track, media);
    mesh.setPeers(othersIn(call));
    for (const { from, session, data } of this.#early) mesh.onSignal(from, session, data);
    this.#early = [];
  }

  #closeMesh(): void {
    this.#mesh?.close();
    this.#mesh = null;
    for (const [participant, stop] of this.#listening) {
      if (participant === "") continue;
      stop();
      this.#listening.delete(participant);
    }
    this.#store.set({ tracks: new Map(), connections: new Map(), speaking: new Set() });
  }

  #events(): MeshEvents {
    return {
      trackAdded: (participant, track, media) => this.#setRemote(participant, track, media),
      trackRemoved: (participant, track) => this.#setRemote(participant, track, undefined),
      status: (participant, status) => this.#setStatus(participant, status),
      problem: (participant, problem) => this.#tellProblem(participant, problem),
    };
  }

  #setRemote(participant: string, track: TrackName, media: MediaStreamTrack | undefined): void {
    const tracks = new Map(this.#store.state.tracks);
    const { [track]: _, ...others } = tracks.get(participant) ?? {};
    const now: RemoteTracks = media ? { ...others, [track]: media } : others;
    tracks.set(participant, now);
    this.#store.set({ tracks });
    if (track === "microphone") this.#listen(participant, media);
  }

  #setStatus(participant: string, status: PeerStatus): void {
    this.#store.set({ connections: new Map(this.#store.state.connections).set(participant, status) });
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

  /** The mesh is silent about people it was told to drop. */
  #forgetGone(call: CallState): void {
    const here = new Set(call.participants.map((person) => person.id));
    const { tracks, connections } = this.#store.state;
    const gone = [...new Set([...tracks.keys(), ...connections.keys()])].filter((id) => !here.has(id));
    if (gone.length === 0) return;
    for (const id of gone) this.#listen(id, undefined);
    const keep = <V>(map: ReadonlyMap<string, V>) => new Map([...map].filter(([id]) => here.has(id)));
    this.#store.set({ tracks: keep(tracks), connections: keep(connections) });
  }
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
