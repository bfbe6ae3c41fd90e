import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type PathState, TunnelRefused } from "../../../src/media/path";
import { MediaBlocked, type Seat, type SeatEvents } from "../../../src/media/relay/seat";
import { SeatKeeper } from "../../../src/media/relay/seat-keeper";
import type { Transforms } from "../../../src/media/transforms";

const REFUSAL = { code: "relay.none", what: "", privacy: "", next: "" };
const CAMERA = {} as MediaStreamTrack;

class FakeSeat implements Seat {
  readonly identity: string;
  readonly others = new Set<string>();
  readonly incoming = [];
  readonly connection = {} as RTCPeerConnection;
  closed = false;
  constructor(
    readonly node: string,
    readonly events: SeatEvents,
  ) {
    this.identity = `at-${node}`;
  }
  async send(track: string, media: MediaStreamTrack | null): Promise<string | null> {
    return media === null ? null : `${track}-${this.node}`;
  }
  want(): void {}
  sentBy(): null {
    return null;
  }
  close(): void {
    this.closed = true;
  }
}

/** A keeper at a relay that sends it to the nodes of `next`, one after the other, and then nowhere. */
class Bench {
  next: string[] = [];
  /** Nodes at which there is no seat. */
  readonly failing = new Map<string, Error>();
  /** Nodes that never answer. */
  readonly silent = new Set<string>();
  readonly avoided: (string | null)[] = [];
  readonly states: PathState[] = [];
  readonly seats: FakeSeat[] = [];
  readonly keeper = new SeatKeeper(
    {
      openTunnel: async (failed) => {
        this.avoided.push(failed);
        const node = this.next.shift();
        if (node === undefined) throw new TunnelRefused(REFUSAL);
        return { node, url: "", failure: () => null };
      },
      takeSeat: async ({ node }, _, events) => {
        const failure = this.failing.get(node);
        if (failure) throw failure;
        if (this.silent.has(node)) return new Promise<Seat>(() => {});
        const seat = new FakeSeat(node, events);
        this.seats.push(seat);
        return seat;
      },
      transforms: {} as Transforms,
    },
    { state: (state) => this.states.push(state), changed: () => {}, claimsChanged: () => {} },
  );

  async open(...nodes: string[]): Promise<void> {
    this.next = nodes;
    this.keeper.open();
    await vi.advanceTimersByTimeAsync(0);
  }

  get nodes(): string[] {
    return this.keeper.all.map(({ seat }) => seat.node);
  }

  get kinds(): string[] {
    return this.states.map(({ kind }) => kind);
  }
}

let bench: Bench;
beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockReturnValue();
  bench = new Bench();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a seat keeper", () => {
  it("takes a seat and says so", async () => {
    await bench.open("one");
    expect(bench.kinds).toEqual(["opening", "open"]);
    expect(bench.nodes).toEqual(["one"]);
  });

  it("takes another one where it is told, and keeps the one that failed for a while", async () => {
    await bench.open("one", "two");
    bench.seats[0]?.events.failed("test");
    await vi.advanceTimersByTimeAsync(0);
    expect(bench.avoided).toEqual([null, "one"]);
    expect(bench.kinds).toEqual(["opening", "open", "failing-over", "open"]);
    expect(bench.nodes).toEqual(["two", "one"]);
    expect(bench.keeper.rebuilds).toBe(1);
    expect(bench.seats[0]?.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(bench.nodes).toEqual(["two"]);
    expect(bench.seats[0]?.closed).toBe(true);
  });

  it("takes no other one for an older seat that fails", async () => {
    await bench.open("one", "two");
    bench.seats[0]?.events.failed("test");
    await vi.advanceTimersByTimeAsync(0);
    bench.seats[0]?.events.failed("again");
    expect(bench.keeper.opening).toBe(false);
    expect(bench.keeper.rebuilds).toBe(1);
  });

  it("says after three tries that the relay is lost, and why, and goes on trying", async () => {
    bench.failing.set("away", new Error("test")).set("blocked", new MediaBlocked("test"));
    await bench.open("away", "away", "blocked", "one");
    await vi.advanceTimersByTimeAsync(300);
    expect(bench.kinds).toEqual(["opening"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(bench.states.at(-1)).toEqual({ kind: "lost", reason: { kind: "blocked" } });
    expect(bench.avoided).toEqual([null, "away", "away"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(bench.kinds.at(-1)).toBe("open");
  });

  it("says after ten seconds that the relay is lost, whatever a try still waits for", async () => {
    bench.silent.add("silent");
    await bench.open("silent");
    await vi.advanceTimersByTimeAsync(9_999);
    expect(bench.kinds).toEqual(["opening"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(bench.states.at(-1)).toEqual({ kind: "lost", reason: { kind: "unreachable" } });
  });

  it("says nothing more once it is closed", async () => {
    bench.silent.add("silent");
    await bench.open("silent");
    bench.keeper.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bench.kinds).toEqual(["opening"]);
  });

  it("says at once that there is no way to a relay", async () => {
    await bench.open();
    expect(bench.states.at(-1)).toEqual({ kind: "lost", reason: { kind: "refused", problem: REFUSAL } });
  });

  it("tells where the own tracks are, at each seat that works", async () => {
    bench.keeper.setTrack("camera", CAMERA);
    await bench.open("one", "two");
    const at = (node: string) => ({
      node,
      identity: `at-${node}`,
      sends: [{ track: "camera", name: `camera-${node}` }],
    });
    expect(bench.keeper.claims).toEqual([at("one")]);
    void bench.keeper.move();
    await vi.advanceTimersByTimeAsync(0);
    expect(bench.keeper.claims).toEqual([at("two"), at("one")]);
    bench.keeper.setTrack("camera", null);
    expect(bench.keeper.claims.flatMap(({ sends }) => sends)).toEqual([]);
  });

  it("moves only where the room is elsewhere", async () => {
    await bench.open("one", "one");
    await bench.keeper.move();
    expect(bench.nodes).toEqual(["one"]);
    expect(bench.seats).toHaveLength(1);
  });

  it("takes another seat on the same node when it is told to", async () => {
    await bench.open("one", "one");
    await bench.keeper.move(true);
    expect(bench.nodes).toEqual(["one", "one"]);
    expect(bench.seats[0]?.closed).toBe(false);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(bench.seats.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it("gives every seat up with the worker that served it, also one that was on its way", async () => {
    bench.next = ["one", "two"];
    bench.keeper.open();
    bench.keeper.setTransforms({} as Transforms);
    await vi.advanceTimersByTimeAsync(300);
    const late = bench.seats[0];
    expect(bench.nodes).toHaveLength(1);
    bench.next = ["three"];
    bench.keeper.setTransforms({} as Transforms);
    expect(bench.nodes).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(bench.nodes).toEqual(["three"]);
    expect(late?.closed).toBe(true);
  });

  it("gives everything back when it is closed", async () => {
    await bench.open("one");
    bench.keeper.close();
    expect(bench.seats[0]?.closed).toBe(true);
    expect(bench.nodes).toEqual([]);
  });
});
