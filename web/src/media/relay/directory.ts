/** Who is who at the relay: joins what people say of themselves with what the relay delivers. Pure. */
import { BadSignal } from "../fields";
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
  /** Whoever claims a name first has it: nobody can take another one's later. */
  readonly #owners = new Map<string, string>();

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
    for (const { identity } of claims) {
      const owner = this.#owners.get(identity) ?? participant;
      if (owner !== participant) throw new BadSignal("identity is somebody else's");
    }
    for (const { identity } of claims) this.#owners.set(identity, participant);
    const same = before?.session === session;
    const retired = same || before === undefined ? (before?.retired ?? []) : [...before.retired, before.session];
    this.#entries.set(participant, { session, claims, retired: retired.slice(-MOST_RETIRED) });
    return same ? "known" : "new";
  }

  /** Somebody is not in the call any more. */
  forget(participant: string): void {
    this.#entries.delete(participant);
    for (const [identity, owner] of this.#owners) if (owner === participant) this.#owners.delete(identity);
  }

  claims(participant: string): readonly SeatClaim[] {
    return this.#entries.get(participant)?.claims ?? [];
  }

  /** Which receiver shows what, in the order of `incoming`. A track comes twice while somebody moves. */
  bindings(incoming: readonly Incoming[]): Binding[] {
    return incoming.flatMap((one) => {
      const participant = this.#owners.get(one.identity);
      if (participant === undefined) return [];
      const claim = this.claims(participant).find(({ identity }) => identity === one.identity);
      const track = claim?.sends.find(({ name }) => name === one.name)?.track;
      if (track === undefined || kindOf(track) !== one.receiver.track.kind) return [];
      return [{ participant, track, incoming: one }];
    });
  }
}
