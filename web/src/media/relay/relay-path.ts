import { BadSignal } from "../fields";
import type { PeerStats, PeerStatus } from "../mesh-events";
import type { MediaPath, OpenTunnel, PathSetting, ShownSize } from "../path";
import { ReceiverWatch } from "../receiver-watch";
import { newSession } from "../signals";
import { readStats } from "../stats";
import { kindOf, type TrackName } from "../tracks";
import type { Transforms } from "../transforms";
import { type Binding, Directory } from "./directory";
import { Disputes } from "./disputes";
import { LentTracks } from "./lent-tracks";
import { formatClaims } from "./relay-signal";
import type { TakeSeat } from "./seat";
import { SeatKeeper } from "./seat-keeper";
import { Separation } from "./separation";
import { ShownSizes } from "./shown-sizes";

/** Between two looks at what no event tells of. */
const LOOK_MS = 500;

export interface RelaySetting extends PathSetting {
  readonly openTunnel: OpenTunnel;
  readonly takeSeat: TakeSeat;
}

/**
 * Calls through a relay: one seat in a room at one of its nodes, over which everything is sent once and everybody is
 * received.
 *
 * When a seat fails, another one is taken, mostly at another node, and what the old one showed stays on screen until the
 * new one shows it: nothing is mended, since mending takes longer than moving. `SeatKeeper` does that; here is who the
 * others are at the relay, and what is shown of them.
 */
export class RelayPath implements MediaPath {
  readonly session = newSession();
  readonly #setting: RelaySetting;
  readonly #seats: SeatKeeper;
  readonly #directory = new Directory();
  readonly #peers = new Map<string, PeerStatus>();
  /** The last signal of people who are not in the call yet, as far as this page has heard. */
  readonly #early = new Map<string, { session: string; data: string }>();
  /** By person and track. */
  #shown = new Map<string, Binding>();
  #transforms: Transforms;
  readonly #separation = new Separation();
  #telling = false;
  #looking = false;
  #closed = false;
  readonly #disputes = new Disputes();
  readonly #lent = new LentTracks();
  readonly #sizes = new ShownSizes();
  readonly #watch = new ReceiverWatch();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(setting: RelaySetting) {
    this.#setting = setting;
    this.#transforms = setting.transforms;
    this.#seats = new SeatKeeper(setting, {
      state: (state) => this.#later(() => setting.events.state(state)),
      changed: () => this.#settle(),
      claimsChanged: () => this.#tellAll(),
    });
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
    queueMicrotask(() => this.#seats.open());
  }

  setPeers(participants: readonly string[]): void {
    const wanted = new Set(participants.filter((participant) => participant !== this.#setting.self));
    for (const participant of [...this.#peers.keys()].filter((known) => !wanted.has(known))) {
      this.#peers.delete(participant);
      this.#directory.forget(participant);
      this.#sizes.forget(`${participant} `);
    }
    for (const participant of [...wanted].filter((one) => !this.#peers.has(one))) {
      this.#peers.set(participant, "connecting");
      const early = this.#early.get(participant);
      this.#early.delete(participant);
      if (early !== undefined) this.onSignal(participant, early.session, early.data);
      this.#tell(participant);
    }
    this.#settle();
  }

  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    this.#seats.setTrack(track, media);
  }

  setShown(participant: string, track: TrackName, size: ShownSize | null): void {
    if (!this.#peers.has(participant) || kindOf(track) !== "video") return;
    if (this.#sizes.set(`${participant} ${track}`, size, performance.now())) this.#want();
  }

  onSignal(from: string, session: string, data: string): void {
    if (this.#closed || from === this.#setting.self) return;
    if (!this.#peers.has(from)) {
      this.#keepEarly(from, session, data);
      return;
    }
    try {
      if (this.#directory.hear(from, session, data) === "new") this.#tell(from);
    } catch (error) {
      if (!(error instanceof BadSignal)) throw error;
      this.#later(() => this.#setting.events.problem(from, { kind: "bad-signal", reason: error.message }));
      return;
    }
    this.#settle();
  }

  announce(): void {
    this.#tellAll();
  }

  /** The relay is reached by its own address. */
  setIceServers(): void {}

  setTransforms(transforms: Transforms): void {
    this.#transforms = transforms;
    this.#watch.clear();
    this.#looking = false;
    this.#seats.setTransforms(transforms);
  }

  async stats(): Promise<readonly PeerStats[]> {
    const all: PeerStats[] = [];
    for (const { seat } of this.#seats.all) {
      const report = seat.connection.getStats();
      const connection = { getStats: () => report };
      const mids = new Map(seat.connection.getTransceivers().map(({ receiver, mid }) => [receiver, mid]));
      const common = { rebuilds: this.#seats.rebuilds, restarts: 0 };
      const own = { connection, trackOf: (mid: string | null) => seat.sentBy(mid), receivers: () => new Map() };
      all.push({
        participant: "",
        status: "connected",
        ...common,
        ...(await readStats(own, this.#transforms)),
        received: [],
      });
      for (const [participant, status] of this.#peers) {
        const bound = [...this.#shown.values()].filter(
          (binding) => binding.participant === participant && seat.incoming.includes(binding.incoming),
        );
        const trackOf = (mid: string | null) =>
          bound.find(({ incoming }) => mid !== null && mids.get(incoming.receiver) === mid)?.track ?? null;
        const receivers = () => new Map(bound.map(({ track, incoming }) => [track, incoming.receiver]));
        const read = await readStats({ connection, trackOf, receivers }, this.#transforms);
        all.push({ participant, status, ...common, ...read, sent: [] });
      }
    }
    return all;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#seats.close();
    this.#lent.keep([]);
  }

  #tell(participant: string): void {
    if (this.#seats.all.length === 0 || this.#closed) return;
    this.#setting.sendSignal(participant, this.session, formatClaims(this.#seats.claims));
  }

  /** Once for all that happens in one task. */
  #tellAll(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      for (const participant of this.#peers.keys()) this.#tell(participant);
    });
  }

  /** Binds receivers to people, and shows what has changed. */
  #settle(): void {
    if (this.#closed) return;
    const incoming = this.#seats.all.flatMap(({ seat }) => seat.incoming);
    const before = this.#shown;
    const bindings = this.#directory.bindings(incoming).filter(({ participant }) => this.#peers.has(participant));
    // The newest seat's comes last and counts; the older one's goes on decrypting until it is off the screen.
    this.#shown = new Map(
      bindings.reverse().map((binding) => [`${binding.participant} ${binding.track}`, binding] as const),
    );
    this.#lent.keep(bindings);
    const bound = new Set<RTCRtpReceiver>();
    for (const { participant, track, incoming: one } of bindings) {
      this.#transforms.rebind(one.receiver, participant, track);
      bound.add(one.receiver);
    }
    for (const { receiver } of incoming) if (!bound.has(receiver)) this.#transforms.unbind(receiver);
    for (const [key, { participant, track }] of before)
      if (!this.#shown.has(key)) this.#later(() => this.#setting.events.trackRemoved(participant, track));
    for (const [key, binding] of this.#shown) {
      const { participant, track } = binding;
      if (before.get(key)?.incoming.receiver === binding.incoming.receiver) continue;
      const media = this.#lent.of(binding);
      this.#later(() => this.#setting.events.trackAdded(participant, track, media));
    }
    this.#want();
    this.#setStatuses();
  }

  /** Tells the relay how large each picture has to be. */
  #want(): void {
    for (const [key, { incoming }] of this.#shown) {
      const size = this.#sizes.asked(key);
      if (size === undefined) continue;
      for (const { seat, failed } of this.#seats.all)
        if (!failed && seat.incoming.includes(incoming)) seat.want(incoming, size);
    }
  }

  #setStatuses(): void {
    const { newest } = this.#seats;
    for (const [participant, before] of this.#peers) {
      const claims = this.#directory.claims(participant);
      const there = this.#seats.all.some(
        ({ seat, failed }) => !failed && claims.some(({ identity }) => seat.others.has(identity)),
      );
      const was = before === "connected" || before === "reconnecting";
      const status = there && newest?.failed === false ? "connected" : was ? "reconnecting" : "connecting";
      if (status === before) continue;
      this.#peers.set(participant, status);
      this.#later(() => this.#setting.events.status(participant, status));
    }
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    try {
      if (this.#sizes.review(performance.now())) this.#want();
      this.#lookAtSeats();
      await this.#lookAtDisputes();
      await this.#lookAtReceivers();
    } finally {
      this.#looking = false;
    }
  }

  /** Goes to where the others are. */
  #lookAtSeats(): void {
    const seat = this.#seats.newest?.seat;
    if (seat === undefined || this.#seats.opening) {
      this.#separation.reset();
      return;
    }
    const claims = [...this.#peers.keys()].flatMap((participant) => this.#directory.claims(participant).slice(0, 1));
    const verdict = this.#separation.look(seat, claims, performance.now());
    if (verdict !== "stay") void this.#seats.move(verdict === "anew");
  }

  /**
   * Somebody who says to be another one at the relay only gets frames that don't open. So does the relay that lies about
   * whose they are; then nothing is won by asking the next one, and nothing lost.
   */
  async #lookAtDisputes(): Promise<void> {
    const incoming = this.#seats.all.flatMap(({ seat }) => seat.incoming);
    const disputed = new Set(incoming.map(({ identity }) => identity).filter((one) => this.#directory.disputed(one)));
    this.#disputes.keep(disputed);
    for (const identity of disputed) {
      const receivers = incoming.filter((one) => one.identity === identity).map(({ receiver }) => receiver);
      const count = async (of: "framesSeen" | "framesPassed") =>
        (await Promise.all(receivers.map((receiver) => this.#transforms[of](receiver)))).reduce((a, b) => a + b, 0);
      const [seen, passed] = [await count("framesSeen"), await count("framesPassed")];
      if (!this.#disputes.observe(identity, seen, passed, performance.now())) continue;
      this.#directory.passOn(identity);
      this.#settle();
    }
  }

  async #lookAtReceivers(): Promise<void> {
    const { newest } = this.#seats;
    if (newest === undefined || newest.failed) return;
    for (const { participant, track, incoming } of [...this.#shown.values()]) {
      if (!newest.seat.incoming.includes(incoming)) continue;
      if ((await this.#watch.look(incoming.receiver, this.#transforms)) !== "lost") continue;
      this.#setting.events.problem(participant, { kind: "lost-attachment", track });
      this.#seats.giveUp(newest.seat, "a receiver lost its transform");
      return;
    }
  }

  #keepEarly(from: string, session: string, data: string): void {
    const [oldest] = this.#early.keys();
    if (!this.#early.has(from) && this.#early.size >= 64 && oldest !== undefined) this.#early.delete(oldest);
    this.#early.set(from, { session, data });
  }

  #later(step: () => void): void {
    queueMicrotask(() => {
      if (!this.#closed) step();
    });
  }
}
