import { Link, type LinkOwner, sendsOf } from "./link";
import type { MeshProblem, PeerStats, PeerStatus } from "./mesh-events";
import { ReceiverWatch } from "./receiver-watch";
import { BadSignal, newLink, parse, type Signal } from "./signals";
import { readStats } from "./stats";
import type { TrackName } from "./tracks";
import type { Transforms } from "./transforms";

/** A path that is gone for this long won't come back by itself. */
const DISCONNECTED_FOR_MS = 2_000;
/** How long a restart of ICE may take before the whole connection is made anew. */
const RESTART_WITHIN_MS = 5_000;
/** How long each attempt to connect may take; the last one counts for all further attempts. */
const CONNECT_WITHIN_MS = [6_000, 6_000, 10_000, 20_000];
/** Attempts in a row after which a peer counts as failed. */
const FAILED_AFTER = 3;
/** Earlier page loads of the other side that are remembered, so that their late signals are dropped. */
const MOST_RETIRED = 64;

/** What a peer needs from the mesh. */
export interface PeerOwner {
  readonly self: string;
  readonly transforms: Transforms;
  readonly configuration: RTCConfiguration;
  media(track: TrackName): MediaStreamTrack | null;
  people(): number;
  send(participant: string, signal: Signal): void;
  trackAdded(participant: string, track: TrackName, media: MediaStreamTrack): void;
  trackRemoved(participant: string, track: TrackName): void;
  status(participant: string, status: PeerStatus): void;
  problem(participant: string, problem: MeshProblem): void;
}

/**
 * One other participant: finds out which page of theirs is alive, keeps one link to it, and replaces the link when it
 * can't be saved.
 *
 * Of two participants the one with the greater id makes all offers, so that none ever cross. The other one says `hello`
 * when it has come, was reloaded, or wants a new link.
 */
export class Peer implements LinkOwner {
  /** Whether this side makes the offers. */
  readonly #offers: boolean;
  #session: string | null = null;
  readonly #retired = new Set<string>();
  #link: Link | null = null;
  #shown: ReadonlyMap<TrackName, MediaStreamTrack> = new Map();
  #status: PeerStatus = "connecting";
  #everConnected = false;
  #final = false;
  #attempts = 0;
  #rebuilds = 0;
  #restarts = 0;
  #recovering = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #watch = new ReceiverWatch();
  #closed = false;

  constructor(
    readonly participant: string,
    private readonly owner: PeerOwner,
  ) {
    this.#offers = owner.self > participant;
  }

  get transforms(): Transforms {
    return this.owner.transforms;
  }

  get configuration(): RTCConfiguration {
    return this.owner.configuration;
  }

  /** Begins to connect, unless the other side's offer was there first. */
  start(): void {
    if (this.#link === null) this.#connect();
  }

  /** Takes a signal of one of the participant's page loads. */
  onSignal(session: string, data: string): void {
    if (this.#retired.has(session)) return;
    let signal: Signal;
    try {
      signal = parse(data);
    } catch (error) {
      if (!(error instanceof BadSignal)) throw error;
      this.owner.problem(this.participant, { kind: "bad-signal", reason: error.message });
      return;
    }
    const reloaded = this.#session !== null && this.#session !== session;
    if (reloaded) this.#retire();
    this.#session = session;
    // The new page knows nothing of a link to its predecessor.
    if (reloaded && this.#offers) this.#connect();
    this.#take(signal, reloaded);
  }

  /** What this person sends changed. */
  setTrack(track: TrackName, told: boolean): void {
    const link = this.#link;
    if (link === null) return;
    link.setTrack(track);
    if (told) this.#tellSends(link);
  }

  /** The server is back: says again what may have been lost, and tries at once what was waiting. */
  announce(): void {
    const link = this.#link;
    if (link === null || this.#status !== "connected") {
      this.#attempts = 0;
      this.rebuild();
    } else {
      this.#tellSends(link);
    }
  }

  /** The own network changed. */
  restart(): void {
    if (this.#link !== null && this.#everConnected) this.#restart(this.#link);
  }

  /** Replaces the link, keeping nothing of it. */
  rebuild(): void {
    this.#final = false;
    this.#rebuilds++;
    this.#connect();
  }

  /** The configuration changed; the running link takes it at its next restart of ICE. */
  configure(): void {
    const connection = this.#link?.connection;
    // One that has just broken is replaced in a moment.
    if (connection !== undefined && connection.signalingState !== "closed")
      connection.setConfiguration(this.configuration);
  }

  /** Looks for receivers whose transform was lost. */
  async watch(): Promise<void> {
    const link = this.#link;
    if (link === null) return;
    for (const [track, receiver] of link.receivers()) {
      const attachment = await this.#watch.look(receiver, this.transforms);
      if (link !== this.#link) return;
      if (attachment === "lost") {
        this.owner.problem(this.participant, { kind: "lost-attachment", track });
        this.rebuild();
        return;
      }
    }
  }

  async stats(): Promise<PeerStats> {
    const link = this.#link;
    const read =
      link === null
        ? { rttMs: null, localCandidate: null, received: [], sent: [] }
        : await readStats(link, this.transforms);
    return {
      participant: this.participant,
      status: this.#status,
      rebuilds: this.#rebuilds,
      restarts: this.#restarts + (this.#link?.restarts ?? 0),
      ...read,
    };
  }

  close(): void {
    this.#drop();
    this.#closed = true;
  }

  media(track: TrackName): MediaStreamTrack | null {
    return this.owner.media(track);
  }

  people(): number {
    return this.owner.people();
  }

  send(signal: Signal): void {
    if (!this.#closed) this.owner.send(this.participant, signal);
  }

  changed(link: Link): void {
    if (link !== this.#link) return;
    this.#show(link.received());
    switch (link.connection.connectionState) {
      case "connected":
        this.#clearTimer();
        this.#attempts = 0;
        this.#recovering = false;
        this.#everConnected = true;
        this.#setStatus("connected");
        break;
      case "disconnected":
        if (!this.#recovering) this.#after(DISCONNECTED_FOR_MS, () => this.#restart(link));
        this.#setStatus("reconnecting");
        break;
      case "failed":
        if (this.#recovering) this.#giveUp("no path was found after a restart of ICE");
        else this.#restart(link);
        break;
      default:
    }
  }

  broken(link: Link, problem: MeshProblem): void {
    if (link !== this.#link) return;
    this.owner.problem(this.participant, problem);
    this.#drop();
    this.#final = problem.kind === "no-transforms";
    this.#setStatus(this.#unconnected());
    // Not at once: what broke this link may well break the next.
    if (!this.#final) this.#after(1_000, () => this.rebuild());
  }

  #take(signal: Signal, reloaded: boolean): void {
    const link = this.#link;
    switch (signal.type) {
      case "hello":
        if (!this.#offers || reloaded) return;
        if (link === null || signal.link === link.id) this.#connect();
        else if (signal.link === null && link.unanswered) link.repeatOffer();
        else if (signal.link === null) this.#connect();
        return;
      case "offer":
        if (link?.id === signal.link) link.onDescription(signal);
        else if (!this.#offers && signal.round === 1) this.#adopt(signal.link).onDescription(signal);
        return;
      case "answer":
        if (link?.id === signal.link) link.onDescription(signal);
        return;
      case "candidates":
        if (link?.id === signal.link) link.onCandidates(signal);
        return;
      case "sends":
        if (link?.id === signal.link) link.onSends(signal.sends);
        return;
      case "restart":
        // Mostly both sides notice at once, and this one has begun already.
        if (link?.id === signal.link && this.#offers && !this.#recovering) this.#restart(link);
    }
  }

  #connect(): void {
    if (this.#closed || this.#final) return;
    const within = CONNECT_WITHIN_MS[Math.min(this.#attempts, CONNECT_WITHIN_MS.length - 1)] ?? 0;
    this.#attempts++;
    this.#recovering = false;
    if (!this.#offers) {
      // The link stays until the new offer comes: some of its tracks may be fine.
      this.send({ type: "hello", link: this.#link?.id ?? null });
    } else {
      this.#drop();
      this.#link = Link.offering(newLink(), this);
    }
    if (this.#status !== "connected" || this.#offers) this.#setStatus(this.#unconnected());
    this.#after(within, () => this.#giveUp(`not connected within ${within} ms`));
  }

  #adopt(id: string): Link {
    this.#drop();
    const link = Link.answering(id, this);
    this.#link = link;
    this.#recovering = false;
    this.#setStatus(this.#unconnected());
    const within = CONNECT_WITHIN_MS[0] ?? 0;
    this.#after(within, () => this.#giveUp(`not connected within ${within} ms of an offer`));
    return link;
  }

  #restart(link: Link): void {
    if (link !== this.#link) return;
    this.#recovering = true;
    link.restart();
    this.#after(RESTART_WITHIN_MS, () => {
      if (link.connection.connectionState === "connected") this.#recovering = false;
      else this.#giveUp(`not restored within ${RESTART_WITHIN_MS} ms`);
    });
  }

  #giveUp(reason: string): void {
    this.owner.problem(this.participant, { kind: "unconnected", reason });
    this.rebuild();
  }

  #retire(): void {
    if (this.#session !== null) this.#retired.add(this.#session);
    const [oldest] = this.#retired;
    if (this.#retired.size > MOST_RETIRED && oldest !== undefined) this.#retired.delete(oldest);
    this.#attempts = 0;
    this.#drop();
    this.#setStatus(this.#unconnected());
  }

  #drop(): void {
    this.#clearTimer();
    this.#show(new Map());
    this.#watch.clear();
    this.#restarts += this.#link?.restarts ?? 0;
    this.#link?.close();
    this.#link = null;
  }

  #tellSends(link: Link): void {
    this.send({ type: "sends", link: link.id, sends: sendsOf(this) });
  }

  #show(tracks: ReadonlyMap<TrackName, MediaStreamTrack>): void {
    const before = this.#shown;
    this.#shown = tracks;
    for (const track of before.keys()) if (!tracks.has(track)) this.owner.trackRemoved(this.participant, track);
    for (const [track, media] of tracks) {
      if (before.get(track) !== media) this.owner.trackAdded(this.participant, track, media);
    }
  }

  #unconnected(): PeerStatus {
    if (this.#final || this.#attempts > FAILED_AFTER) return "failed";
    return this.#everConnected ? "reconnecting" : "connecting";
  }

  #setStatus(status: PeerStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.owner.status(this.participant, status);
  }

  #after(ms: number, step: () => void): void {
    this.#clearTimer();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#closed) step();
    }, ms);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
