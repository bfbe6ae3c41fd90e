import { describe, expect, it } from "vitest";
import { Separation } from "../../../src/media/relay/separation";

const seat = (...others: string[]) => ({ node: "here", others: new Set(others) });
const at = (node: string, identity: string) => ({ node, identity });

describe("people who can't see each other", () => {
  it("on different nodes: asks where the room is, after a while, and again", () => {
    const own = seat("bruno");
    const watch = new Separation();
    const claims = [at("here", "bruno"), at("there", "chiara")];
    const told = [0, 500, 1_499, 1_500, 2_000, 3_499, 3_500].map((now) => watch.look(own, claims, now));
    expect(told).toEqual(["stay", "stay", "stay", "move", "stay", "stay", "move"]);
  });

  it("in another call of the same node: another seat, and not at every look", () => {
    const own = seat("bruno");
    const watch = new Separation();
    const claims = [at("here", "bruno"), at("here", "chiara")];
    expect(watch.look(own, claims, 0)).toBe("stay");
    expect(watch.look(own, claims, 2_999)).toBe("stay");
    expect(watch.look(own, claims, 3_000)).toBe("anew");
    // Whoever says to be where nobody is gets no more than that.
    const others = [4_000, 10_000, 20_000].map((now) => watch.look(own, [at("here", `nobody ${now}`)], now));
    expect(others).toEqual(["stay", "stay", "stay"]);
    expect(watch.look(own, claims, 33_000)).toBe("stay");
    expect(watch.look(own, claims, 36_000)).toBe("anew");
  });

  it("is not somebody who was here and is gone", () => {
    const own = seat("bruno", "chiara");
    const watch = new Separation();
    const claims = [at("here", "bruno"), at("here", "chiara")];
    expect(watch.look(own, claims, 0)).toBe("stay");
    own.others.delete("chiara");
    expect(watch.look(own, claims, 60_000)).toBe("stay");
  });

  it("is looked at afresh from another seat", () => {
    const watch = new Separation();
    const claims = [at("here", "chiara")];
    expect(watch.look(seat(), claims, 0)).toBe("stay");
    const next = seat();
    expect(watch.look(next, claims, 3_000)).toBe("stay");
    next.others.add("chiara");
    expect(watch.look(next, claims, 6_000)).toBe("stay");
    next.others.delete("chiara");
    expect(watch.look(next, claims, 60_000)).toBe("stay");
  });
});
