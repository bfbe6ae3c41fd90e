/** Who is who at the relay: joins what people say of themselves with what the relay delivers. Pure. */
import { kindOf, type TrackName } from "../tracks";
import { parseClaims, type SeatClaim } from "./relay-signal";
import type { Incoming } from "./seat";

/** A receiver, and whom it is to show. */
export interface Binding {
  readonly participant: string;
  readonly track: TrackName;
  readonly incoming: Incoming;
}

interface Entry {
  readonly session: string;
  readonly claims: readonly SeatClaim[];
  readonly retired: readonly string[];
}

/** Earlier page loads of a person that are remembered, so that their late signals are dropped. */
const MOST_RETIRED = 64;

export class Directory {
  readonly #entries = new Map<string, Entry>();
  /**
   * Who says to be the one of this name at the relay; the first in each list is believed. Only one of them can be right,
   * and only that one's frames open: see `passOn`.
   */
  readonly #claimants = new Map<string, readonly string[]>();

  /**
   * Takes a signal.
   *
   * @returns `new` if it is the first of this page load of theirs, `known` if not, `old` if it was dropped
   * @throws BadSignal
   */
  hear(participant: string, session: string, data: string): "new" | "known" | "old" {
    const before = this.#entries.get(participant);
    if (before?.retired.includes(session)) return "old";
    const claims = parseClaims(data);
    this.#withdraw(participant, (identity) => claims.every((claim) => claim.identity !== identity));
    for (const { identity } of claims) {
      const known = this.#claimants.get(identity) ?? [];
      if (!known.includes(participant)) this.#claimants.set(identity, [...known, participant]);
    }
    const same = before?.session === session;
    const retired = same || before === undefined ? (before?.retired ?? []) : [...before.retired, before.session];
    this.#entries.set(participant, { session, claims, retired: retired.slice(-MOST_RETIRED) });
    return same ? "known" : "new";
  }

  /** Somebody is not in the call any more. */
  forget(participant: string): void {
    this.#entries.delete(participant);
    this.#withdraw(participant, () => true);
  }

  /** Whether more than one says to be the one of this name. */
  disputed(identity: string): boolean {
    return (this.#claimants.get(identity)?.length ?? 0) > 1;
  }

  /** Nothing that comes under this name opens with the keys of the one who is believed: the next one is, then. */
  passOn(identity: string): void {
    const [first, ...others] = this.#claimants.get(identity) ?? [];
    if (first !== undefined) this.#claimants.set(identity, [...others, first]);
  }

  claims(participant: string): readonly SeatClaim[] {
    return this.#entries.get(participant)?.claims ?? [];
  }

  /** Which receiver shows what, in the order of `incoming`. A track comes twice while somebody moves. */
  bindings(incoming: readonly Incoming[]): Binding[] {
    return incoming.flatMap((one) => {
      const participant = this.#claimants.get(one.identity)?.[0];
      if (participant === undefined) return [];
      const claim = this.claims(participant).find(({ identity }) => identity === one.identity);
      const track = claim?.sends.find(({ name }) => name === one.name)?.track;
      if (track === undefined || kindOf(track) !== one.receiver.track.kind) return [];
      return [{ participant, track, incoming: one }];
    });
  }

  #withdraw(participant: string, from: (identity: string) => boolean): void {
    for (const [identity, claimants] of this.#claimants) {
      if (!claimants.includes(participant) || !from(identity)) continue;
      const left = claimants.filter((one) => one !== participant);
      if (left.length === 0) this.#claimants.delete(identity);
      else this.#claimants.set(identity, left);
    }
  }
}
