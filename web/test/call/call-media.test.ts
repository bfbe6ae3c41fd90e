import { beforeEach, describe, expect, it } from "vitest";
import { BELA, Bench, LINK } from "./fakes";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("in a call with hidden addresses", () => {
  const turn = { url: "turn:192.0.2.1", username: "1:a", credential: "b" };
  const hidden = { path: "hidden" as const, iceServers: [turn] };
  const path = () => bench.view.paths.at(-1)?.state;

  beforeEach(async () => {
    bench.welcome();
    bench.workerReady();
    await bench.settle();
    bench.act.setLink(LINK);
    bench.act.joinLink();
    bench.callState([], hidden);
    await bench.settle();
    expect(path()).toEqual({ kind: "open" });
  });

  it("tells who was alone that TURN leads to nobody, and takes it back when it does", () => {
    bench.elapse(15_000);
    expect(path()).toEqual({ kind: "open" });
    bench.callState([{ id: BELA }], hidden);
    bench.elapse(15_000);
    expect(path()).toEqual({ kind: "lost", reason: { kind: "unreachable" } });
    bench.mesh.setting.events.status(BELA, "connected");
    expect(path()).toEqual({ kind: "open" });
  });

  it("says nothing when somebody is reached, also when others are not", () => {
    bench.callState([{ id: BELA }], hidden);
    bench.mesh.setting.events.status(BELA, "connected");
    bench.elapse(15_000);
    expect(path()).toEqual({ kind: "open" });
  });

  it("gives fresh credentials to the running path", () => {
    const given: unknown[] = [];
    bench.mesh.setIceServers = (servers) => given.push(servers);
    bench.callState([], { ...hidden, iceServers: [{ ...turn, username: "2:a" }] });
    expect(given).toEqual([[{ urls: turn.url, username: "2:a", credential: "b" }]]);
    expect(bench.meshes).toHaveLength(1);
  });
});
