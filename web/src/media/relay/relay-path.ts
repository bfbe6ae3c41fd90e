import { type Attachment, AttachmentWatch } from "../attachment-watch";
import { BadSignal } from "../fields";
import type { PeerStats, PeerStatus } from "../mesh-events";
import {
  type MediaPath,
  type OpenTunnel,
  type PathLoss,
  type PathSetting,
  type ShownSize,
  type Tunnel,
  TunnelRefused,
} from "../path";
import { newSession } from "../signals";
import { arrived, readStats } from "../stats";
import { kindOf, TRACKS, type TrackName } from "../tracks";
import { type Transforms, TransformsUnsupported } from "../transforms";
import { type Binding, Directory } from "./directory";
import { Disputes } from "./disputes";
import { LentTracks } from "./lent-tracks";
import { formatClaims } from "./relay-signal";
import { MediaBlocked, type Seat, type SeatEvents } from "./seat";
import { ShownSizes } from "./shown-sizes";

/** Milliseconds between two tries to get a seat; the last one counts for all further ones. */
const WAITS_MS = [0, 300, 1_000, 2_000, 5_000];
/** Tries in a row after which the relay counts as lost. */
const LOST_AFTER = 3;
/** Or time in vain: where packets vanish each try takes long. */
const LOST_AFTER_MS = 10_000;
/** How long an older seat is kept for those who have not moved yet. */
const KEEP_OLD_MS = 8_000;
const WATCH_MS = 500;
/** Somebody on another node for so long: one of the two has not heard that the room has moved. */
const APART_FOR_MS = 1_500;
/** A receiver that was found well is looked at again after this time. */
const WATCH_AGAIN_MS = 5_000;

/** Takes a seat at a node; `livekit-seat.ts` has the product's only engine. */
export type TakeSeat = (tunnel: Tunnel, transforms: Transforms, events: SeatEvents) => Promise<Seat>;

export interface RelaySetting extends PathSetting {
  readonly openTunnel: OpenTunnel;
  readonly takeSeat: TakeSeat;
}

interface Place {
  readonly seat: Seat;
  readonly names: Map<TrackName, string>;
  failed: boolean;
}

/**
 * Calls through a relay: one seat in a room at one of its nodes, over which everything is sent once and everybody is
 * received.
 *
 * When a seat fails, another one is taken, mostly at another node, and what the old one showed stays on screen until the
 * new one shows it: nothing is mended, since mending takes longer than moving.
 */
export class RelayPath implements MediaPath {
  readonly session = newSession();
  readonly #setting: RelaySetting;
  readonly #directory = new Directory();
  readonly #peers = new Map<string, PeerStatus>();
  readonly #early = new Map<string, { session: string; data: string }>();
  readonly #media = new Map<TrackName, MediaStreamTrack>();
  /** Newest first. */
  #places: Place[] = [];
  #shown = new Map<string, Binding>();
  #transforms: Transforms;
  /** Rises with each new set of transforms: what was begun with older ones is of no use. */
  #generation = 0;
  #opening = false;
  #everOpen = false;
  #rebuilds = 0;
  #apartSince: number | null = null;
  #telling = false;
  #watching = false;
  #closed = false;
  readonly #disputes = new Disputes();
  readonly #lent = new LentTracks();
  readonly #sizes = new ShownSizes();
  readonly #watches = new Map<RTCRtpReceiver, AttachmentWatch>();
  readonly #well = new WeakMap<RTCRtpReceiver, number>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(setting: RelaySetting) {
    this.#setting = setting;
    this.#transforms = setting.transforms;
    this.#timer = setInterval(() => void this.#watch(), WATCH_MS);
    queueMicrotask(() => void this.#open(null));
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
    if ((this.#media.get(track) ?? null) === media) return;
    if (media === null) this.#media.delete(track);
    else this.#media.set(track, media);
    for (const place of this.#places) this.#send(place, track);
    this.#tellAll();
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
    this.#generation++;
    // Senders and receivers can't be moved to the new worker, and the old one decrypts nothing any more.
    for (const { seat } of this.#places) seat.close();
    this.#places = [];
    this.#watches.clear();
    this.#watching = false;
    this.#settle();
    void this.#open(null);
  }

  async stats(): Promise<readonly PeerStats[]> {
    const all: PeerStats[] = [];
    for (const { seat } of this.#places) {
      const report = seat.connection.getStats();
      const connection = { getStats: () => report };
      const mids = new Map(seat.connection.getTransceivers().map(({ receiver, mid }) => [receiver, mid]));
      const common = { rebuilds: this.#rebuilds, restarts: 0 };
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
    for (const { seat } of this.#places) seat.close();
    this.#places = [];
    this.#lent.keep([]);
  }

  /** Gets a seat, however long it takes. */
  async #open(failed: string | null): Promise<void> {
    if (this.#opening || this.#closed) return;
    this.#opening = true;
    this.#tellState(this.#everOpen ? "failing-over" : "opening");
    let avoid = failed;
    const began = performance.now();
    for (let attempt = 0; !this.#closed; attempt++) {
      await pause(WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? 0);
      const generation = this.#generation;
      let tunnel: Tunnel | null = null;
      try {
        tunnel = await this.#setting.openTunnel(avoid);
        if (this.#closed) return;
        const place = await this.#take(tunnel);
        if (this.#closed || generation !== this.#generation) {
          place.seat.close();
          continue;
        }
        this.#opening = false;
        this.#adopt(place);
        return;
      } catch (error) {
        avoid = tunnel?.node ?? avoid;
        const loss = lossOf(error, tunnel);
        const tried = attempt + 1 >= LOST_AFTER || performance.now() - began > LOST_AFTER_MS;
        // Without a ticket there is nothing to try; what fails with one may be over with the next.
        if (tunnel === null || loss.kind === "no-transforms" || tried) this.#tellLoss(loss);
        console.warn("No seat at the relay:", error instanceof Error ? error.message : error);
      }
    }
  }

  async #take(tunnel: Tunnel): Promise<Place> {
    let place: Place | null = null;
    const seat = await this.#setting.takeSeat(tunnel, this.#transforms, {
      changed: () => this.#settle(),
      failed: (reason) => {
        if (place !== null) this.#failed(place, reason);
      },
    });
    place = { seat, names: new Map(), failed: false };
    return place;
  }

  #adopt(place: Place): void {
    const older = this.#places;
    this.#places = [place, ...older];
    this.#everOpen = true;
    this.#apartSince = null;
    for (const track of TRACKS) this.#send(place, track);
    this.#tellState("open");
    this.#tellAll();
    this.#settle();
    for (const old of older) setTimeout(() => this.#drop(old), KEEP_OLD_MS);
  }

  #failed(place: Place, reason: string): void {
    if (place.failed || !this.#places.includes(place)) return;
    place.failed = true;
    console.warn("A seat at the relay is lost:", reason);
    if (this.#places[0] !== place) return;
    this.#rebuilds++;
    this.#settle();
    void this.#open(place.seat.node);
  }

  #drop(place: Place): void {
    if (!this.#places.includes(place)) return;
    this.#places = this.#places.filter((other) => other !== place);
    place.seat.close();
    this.#settle();
    this.#tellAll();
  }

  #send(place: Place, track: TrackName): void {
    place.seat
      .send(track, this.#media.get(track) ?? null)
      .then((name) => {
        if (name === null || place.names.get(track) === name) return;
        place.names.set(track, name);
        this.#tellAll();
      })
      .catch((error: unknown) => {
        if (this.#closed || place.failed) return;
        this.#failed(place, `${track} could not be sent: ${error instanceof Error ? error.message : String(error)}`);
      });
  }

  #claims(): string {
    return formatClaims(
      this.#places
        .filter((place) => !place.failed)
        .map(({ seat, names }) => ({
          node: seat.node,
          identity: seat.identity,
          sends: TRACKS.flatMap((track) => {
            const name = names.get(track);
            return name !== undefined && this.#media.has(track) ? [{ track, name }] : [];
          }),
        })),
    );
  }

  #tell(participant: string): void {
    if (this.#places.length > 0 && !this.#closed) this.#setting.sendSignal(participant, this.session, this.#claims());
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
    const incoming = this.#places.flatMap(({ seat }) => seat.incoming);
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
      for (const { seat, failed } of this.#places)
        if (!failed && seat.incoming.includes(incoming)) seat.want(incoming, size);
    }
  }

  #setStatuses(): void {
    const [newest] = this.#places;
    for (const [participant, before] of this.#peers) {
      const claims = this.#directory.claims(participant);
      const there = this.#places.some(
        ({ seat, failed }) => !failed && claims.some(({ identity }) => seat.others.has(identity)),
      );
      const was = before === "connected" || before === "reconnecting";
      const status = there && newest?.failed === false ? "connected" : was ? "reconnecting" : "connecting";
      if (status === before) continue;
      this.#peers.set(participant, status);
      this.#later(() => this.#setting.events.status(participant, status));
    }
  }

  async #watch(): Promise<void> {
    if (this.#watching || this.#closed) return;
    this.#watching = true;
    try {
      if (this.#sizes.review(performance.now())) this.#want();
      this.#watchNodes();
      await this.#watchDisputes();
      await this.#watchReceivers();
    } finally {
      this.#watching = false;
    }
  }

  /** Asks where the room is now, when somebody has been on another node for a while. */
  #watchNodes(): void {
    const node = this.#places[0]?.seat.node;
    const apart = [...this.#peers.keys()].some((participant) => {
      const newest = this.#directory.claims(participant)[0];
      return newest !== undefined && newest.node !== node;
    });
    if (!apart || node === undefined || this.#opening) {
      this.#apartSince = null;
      return;
    }
    this.#apartSince ??= performance.now();
    if (performance.now() - this.#apartSince < APART_FOR_MS) return;
    this.#apartSince = null;
    void this.#move(node);
  }

  async #move(from: string): Promise<void> {
    this.#opening = true;
    const generation = this.#generation;
    try {
      const tunnel = await this.#setting.openTunnel(null);
      // The others are to come here, then.
      if (tunnel.node === from || this.#closed || generation !== this.#generation) return;
      const place = await this.#take(tunnel);
      if (this.#closed || generation !== this.#generation) place.seat.close();
      else this.#adopt(place);
    } catch {
      // The seat that is held still works; asked again as long as the others stay away.
    } finally {
      this.#opening = false;
      if (this.#places[0]?.failed !== false) void this.#open(this.#places[0]?.seat.node ?? null);
    }
  }

  /**
   * Somebody who says to be another one at the relay only gets frames that don't open. So does the relay that lies about
   * whose they are; then nothing is won by asking the next one, and nothing lost.
   */
  async #watchDisputes(): Promise<void> {
    const incoming = this.#places.flatMap(({ seat }) => seat.incoming);
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

  async #watchReceivers(): Promise<void> {
    const [place] = this.#places;
    if (place === undefined || place.failed) return;
    for (const { participant, track, incoming } of [...this.#shown.values()]) {
      const { receiver } = incoming;
      if (!place.seat.incoming.includes(incoming) || performance.now() < (this.#well.get(receiver) ?? 0)) continue;
      const watch = this.#watches.get(receiver) ?? new AttachmentWatch();
      this.#watches.set(receiver, watch);
      const attachment = await this.#observe(watch, receiver);
      if (attachment === "waiting") continue;
      this.#watches.delete(receiver);
      this.#well.set(receiver, performance.now() + WATCH_AGAIN_MS);
      if (attachment === "seen") continue;
      this.#setting.events.problem(participant, { kind: "lost-attachment", track });
      this.#failed(place, "a receiver lost its transform");
      return;
    }
  }

  async #observe(watch: AttachmentWatch, receiver: RTCRtpReceiver): Promise<Attachment> {
    try {
      const received = await arrived(receiver);
      return watch.observe(received, await this.#transforms.framesSeen(receiver), performance.now());
    } catch {
      return "waiting"; // The worker or the connection is gone, which is seen elsewhere.
    }
  }

  #keepEarly(from: string, session: string, data: string): void {
    const [oldest] = this.#early.keys();
    if (!this.#early.has(from) && this.#early.size >= 64 && oldest !== undefined) this.#early.delete(oldest);
    this.#early.set(from, { session, data });
  }

  #tellState(kind: "opening" | "open" | "failing-over"): void {
    this.#later(() => this.#setting.events.state({ kind }));
  }

  #tellLoss(reason: PathLoss): void {
    this.#later(() => this.#setting.events.state({ kind: "lost", reason }));
  }

  #later(step: () => void): void {
    queueMicrotask(() => {
      if (!this.#closed) step();
    });
  }
}

function lossOf(error: unknown, tunnel: Tunnel | null): PathLoss {
  if (error instanceof TunnelRefused) return { kind: "refused", problem: error.problem };
  if (error instanceof TransformsUnsupported) return { kind: "no-transforms" };
  if (error instanceof MediaBlocked) return { kind: "blocked" };
  const problem = tunnel?.failure() ?? null;
  if (problem !== null) return { kind: "refused", problem };
  return { kind: "unreachable" };
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
