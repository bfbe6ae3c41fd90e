import type { SeatClaim } from "./relay-signal";
import type { Seat } from "./seat";

/** Somebody on another node for so long: one of the two has not heard that the room has moved. */
const APART_FOR_MS = 1_500;
/** Somebody who says to be at this node, and whom it has never told of, for so long. */
const UNMET_FOR_MS = 3_000;
/** Between two seats that are taken for the sake of somebody unmet, whatever people say of themselves. */
const ANEW_AFTER_MS = 30_000;

/**
 * Notices that people sit where they can't see each other. On different nodes, one of them has to move. On one node they
 * may be in two of its calls: a coordination server that was started anew gives the room another name there, and those who
 * have noticed nothing stay in the call of the old one. Who takes another seat then comes to where the server sends
 * everybody now. Pure: what is known and the time come in.
 */
export class Separation {
  #seat: Pick<Seat, "node" | "others"> | null = null;
  #apartSince: number | null = null;
  /** By name at the relay: since when somebody is said to sit here who was never seen from this seat. */
  #unmet = new Map<string, number>();
  readonly #met = new Set<string>();
  #lastAnew = Number.NEGATIVE_INFINITY;

  /**
   * @param seat the newest; a seat on the way makes no look worth while
   * @param claims where each of the others sits, by what they say
   * @param now milliseconds on any steady clock
   * @returns `move` to ask where the room is, and to go there; `anew` to take another seat wherever it is
   */
  look(
    seat: Pick<Seat, "node" | "others">,
    claims: readonly Pick<SeatClaim, "node" | "identity">[],
    now: number,
  ): "stay" | "move" | "anew" {
    if (this.#seat !== seat) {
      this.reset();
      this.#seat = seat;
    }
    for (const identity of seat.others) this.#met.add(identity);
    if (claims.some(({ node }) => node !== seat.node)) {
      this.#apartSince ??= now;
      if (now - this.#apartSince < APART_FOR_MS) return "stay";
      this.#apartSince = null;
      return "move";
    }
    this.#apartSince = null;
    const unmet = claims.map(({ identity }) => identity).filter((identity) => !this.#met.has(identity));
    this.#unmet = new Map(unmet.map((identity) => [identity, this.#unmet.get(identity) ?? now]));
    const waited = [...this.#unmet.values()].some((since) => now - since >= UNMET_FOR_MS);
    if (!waited || now - this.#lastAnew < ANEW_AFTER_MS) return "stay";
    this.#lastAnew = now;
    return "anew";
  }

  /** There is no seat to look from, or another one is being taken. */
  reset(): void {
    this.#seat = null;
    this.#apartSince = null;
    this.#unmet.clear();
    this.#met.clear();
  }
}
