import { type OpenTunnel, type PathLoss, type PathState, type Tunnel, TunnelRefused } from "../path";
import { TRACKS, type TrackName } from "../tracks";
import { type Transforms, TransformsUnsupported } from "../transforms";
import type { SeatClaim } from "./relay-signal";
import { MediaBlocked, type Seat, type TakeSeat } from "./seat";

/** Milliseconds between two tries to get a seat; the last one counts for all further ones. */
const WAITS_MS = [0, 300, 1_000, 2_000, 5_000];
/** Tries in a row after which the relay counts as lost. */
const LOST_AFTER = 3;
/** Or time in vain: where packets vanish each try takes long. */
const LOST_AFTER_MS = 10_000;
/** How long an older seat is kept for those who have not moved yet. */
const KEEP_OLD_MS = 8_000;

/** A seat that was taken, and what has become of it. */
export interface HeldSeat {
  readonly seat: Seat;
  /** A failed one is kept for a while: what has arrived over it stays on screen until another one shows it. */
  readonly failed: boolean;
}

interface Held extends HeldSeat {
  /** Of the own tracks there, as far as something was ever sent as them. */
  readonly names: Map<TrackName, string>;
  failed: boolean;
}

export interface SeatKeeperSetting {
  readonly openTunnel: OpenTunnel;
  readonly takeSeat: TakeSeat;
  readonly transforms: Transforms;
}

/** Called from inside the keeper's methods, too. */
export interface SeatKeeperEvents {
  state(state: PathState): void;
  /** Other seats than before, or something else comes over them. */
  changed(): void;
  /** `claims` is not what it was. */
  claimsChanged(): void;
}

/**
 * Sees to it that there is a seat at the relay: takes one, however long that takes; another one, mostly at another node,
 * when it fails; and keeps the one before for those who have not moved yet. Sends the own tracks over all that are held.
 *
 * Knows nothing of other people: who shows what over these seats is the path's to find out.
 */
export class SeatKeeper {
  readonly #setting: SeatKeeperSetting;
  readonly #events: SeatKeeperEvents;
  readonly #media = new Map<TrackName, MediaStreamTrack>();
  /** Newest first. */
  #held: Held[] = [];
  #transforms: Transforms;
  /** Rises with each new set of transforms: what was begun with older ones is of no use. */
  #generation = 0;
  #opening = false;
  #everOpen = false;
  #rebuilds = 0;
  #closed = false;

  constructor(setting: SeatKeeperSetting, events: SeatKeeperEvents) {
    this.#setting = setting;
    this.#events = events;
    this.#transforms = setting.transforms;
  }

  /** Newest first. */
  get all(): readonly HeldSeat[] {
    return this.#held;
  }

  get newest(): HeldSeat | undefined {
    return this.#held[0];
  }

  /** A seat is being looked for. */
  get opening(): boolean {
    return this.#opening;
  }

  /** How often the newest seat has failed. */
  get rebuilds(): number {
    return this.#rebuilds;
  }

  /** What others have to know to find the own tracks. */
  get claims(): SeatClaim[] {
    return this.#held
      .filter((held) => !held.failed)
      .map(({ seat, names }) => ({
        node: seat.node,
        identity: seat.identity,
        sends: TRACKS.flatMap((track) => {
          const name = names.get(track);
          return name !== undefined && this.#media.has(track) ? [{ track, name }] : [];
        }),
      }));
  }

  /** Takes the first seat. */
  open(): void {
    void this.#open(null);
  }

  setTrack(track: TrackName, media: MediaStreamTrack | null): void {
    if ((this.#media.get(track) ?? null) === media) return;
    if (media === null) this.#media.delete(track);
    else this.#media.set(track, media);
    for (const held of this.#held) this.#send(held, track);
    this.#events.claimsChanged();
  }

  /** Gives all seats up for one on the new worker: senders and receivers can't be moved, and the old one decrypts nothing. */
  setTransforms(transforms: Transforms): void {
    this.#transforms = transforms;
    this.#generation++;
    for (const { seat } of this.#held) seat.close();
    this.#held = [];
    this.#events.changed();
    void this.#open(null);
  }

  /** A seat is of no use any more: takes another one, unless there is a newer one already. */
  giveUp(seat: Seat, reason: string): void {
    const held = this.#held.find((one) => one.seat === seat);
    if (held === undefined || held.failed) return;
    held.failed = true;
    console.warn("A seat at the relay is lost:", reason);
    if (this.#held[0] !== held) return;
    this.#rebuilds++;
    this.#events.changed();
    void this.#open(seat.node);
  }

  /**
   * Asks where the room is now, and takes a seat there if that is another node.
   *
   * @param anew on the same node, too: it may hold another call than the one in which this seat is
   */
  async move(anew = false): Promise<void> {
    const from = this.newest?.seat.node;
    if (this.#opening || from === undefined) return;
    this.#opening = true;
    const generation = this.#generation;
    try {
      const tunnel = await this.#setting.openTunnel(null);
      // The others are to come here, then.
      if ((tunnel.node === from && !anew) || this.#closed || generation !== this.#generation) return;
      const held = await this.#take(tunnel);
      if (this.#closed || generation !== this.#generation) held.seat.close();
      else this.#adopt(held);
    } catch {
      // The seat that is held still works; asked again as long as the others stay away.
    } finally {
      this.#opening = false;
      if (this.newest?.failed !== false) void this.#open(this.newest?.seat.node ?? null);
    }
  }

  close(): void {
    this.#closed = true;
    for (const { seat } of this.#held) seat.close();
    this.#held = [];
  }

  /** Gets a seat, however long it takes. */
  async #open(failed: string | null): Promise<void> {
    if (this.#opening || this.#closed) return;
    this.#opening = true;
    this.#events.state({ kind: this.#everOpen ? "failing-over" : "opening" });
    let avoid = failed;
    let reason: PathLoss = { kind: "unreachable" };
    // Not only between two tries: one that hangs takes seconds, in which nobody would know why there is no picture.
    let tooLong = false;
    const patience = setTimeout(() => {
      tooLong = true;
      if (!this.#closed) this.#events.state({ kind: "lost", reason });
    }, LOST_AFTER_MS);
    try {
      for (let attempt = 0; !this.#closed; attempt++) {
        await pause(WAITS_MS[Math.min(attempt, WAITS_MS.length - 1)] ?? 0);
        const generation = this.#generation;
        let tunnel: Tunnel | null = null;
        try {
          tunnel = await this.#setting.openTunnel(avoid);
          if (this.#closed) return;
          const held = await this.#take(tunnel);
          if (this.#closed || generation !== this.#generation) {
            held.seat.close();
            continue;
          }
          this.#opening = false;
          this.#adopt(held);
          return;
        } catch (error) {
          avoid = tunnel?.node ?? avoid;
          reason = lossOf(error, tunnel);
          const tried = attempt + 1 >= LOST_AFTER || tooLong;
          // Without a ticket there is nothing to try; what fails with one may be over with the next.
          if (tunnel === null || reason.kind === "no-transforms" || tried) this.#events.state({ kind: "lost", reason });
          console.warn("No seat at the relay:", error instanceof Error ? error.message : error);
        }
      }
    } finally {
      clearTimeout(patience);
    }
  }

  async #take(tunnel: Tunnel): Promise<Held> {
    let taken: Seat | null = null;
    taken = await this.#setting.takeSeat(tunnel, this.#transforms, {
      changed: () => this.#events.changed(),
      failed: (reason) => {
        if (taken !== null) this.giveUp(taken, reason);
      },
    });
    return { seat: taken, names: new Map(), failed: false };
  }

  #adopt(held: Held): void {
    const older = this.#held;
    this.#held = [held, ...older];
    this.#everOpen = true;
    for (const track of TRACKS) this.#send(held, track);
    this.#events.state({ kind: "open" });
    this.#events.claimsChanged();
    this.#events.changed();
    for (const old of older) setTimeout(() => this.#drop(old), KEEP_OLD_MS);
  }

  #drop(old: Held): void {
    if (!this.#held.includes(old)) return;
    this.#held = this.#held.filter((other) => other !== old);
    old.seat.close();
    this.#events.changed();
    this.#events.claimsChanged();
  }

  #send(held: Held, track: TrackName): void {
    held.seat
      .send(track, this.#media.get(track) ?? null)
      .then((name) => {
        if (name === null || held.names.get(track) === name) return;
        held.names.set(track, name);
        this.#events.claimsChanged();
      })
      .catch((error: unknown) => {
        if (this.#closed || held.failed) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.giveUp(held.seat, `${track} could not be sent: ${reason}`);
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
