import { beforeEach, describe, expect, it } from "vitest";
import { OLD_PATH_MS, type PathChoice, PathSwitch } from "../../src/call/path-switch";
import { FakeMesh } from "./fakes";

const ADA = "ada";
const BELA = "bela";

/** Those who are shown over the newest path. */
let moved: Set<string>;
let made: { choice: PathChoice; path: FakeMesh }[];
let sent: string[];
let closed: number[];
let timers: { milliseconds: number; run: () => void }[];
let call: PathSwitch;

beforeEach(() => {
  moved = new Set();
  made = [];
  sent = [];
  closed = [];
  timers = [];
  call = new PathSwitch(
    {
      make: (choice) => {
        const path = new FakeMesh({} as never);
        made.push({ choice, path });
        return path;
      },
      send: (to, session, data) => sent.push(`${to} ${session} ${data}`),
      closed: (number) => closed.push(number),
      changed: () => undefined,
      movedTo: (_, participant) => moved.has(participant),
      after: (milliseconds, run) => {
        const timer = { milliseconds, run };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
    },
    "own",
  );
  call.setPeers([ADA, BELA]);
  call.follow({ path: "direct", number: 0 });
  call.setState(0, { kind: "open" });
});

function path(number: number): FakeMesh {
  const found = made.find(({ choice }) => choice.number === number);
  if (found === undefined) throw new Error("not made");
  return found.path;
}

describe("a call that moves to another path", () => {
  beforeEach(() => call.follow({ path: "relay", number: 1 }));

  it("is carried by both, with the same tracks and people", () => {
    const camera = {} as MediaStreamTrack;
    call.setTrack("camera", camera);
    for (const number of [0, 1]) {
      expect(path(number).tracks.get("camera")).toBe(camera);
      expect(path(number).peers).toEqual([ADA, BELA]);
      expect(path(number).closed).toBe(false);
    }
  });

  it("leaves the old one for each pair once both have told, and closes it when all have", () => {
    call.setState(1, { kind: "open" });
    moved.add(ADA);
    call.review();
    expect(sent).toEqual([`${ADA} own 1 painted`]);
    expect(path(0).peers).toEqual([ADA, BELA]);
    call.signal(ADA, "s", "1 painted");
    expect(path(0).peers).toEqual([BELA]);
    expect(path(0).closed).toBe(false);
    call.signal(BELA, "s", "1 painted");
    expect(path(0).closed).toBe(false);
    moved.add(BELA);
    call.review();
    expect(path(0).closed).toBe(true);
    expect(closed).toEqual([0]);
    expect(call.paths.map(({ number }) => number)).toEqual([1]);
  });

  it("says it once to each", () => {
    call.setState(1, { kind: "open" });
    moved.add(ADA);
    call.review();
    call.review();
    expect(sent).toHaveLength(1);
  });

  it("does not wait for ever for somebody who says nothing", () => {
    call.setState(1, { kind: "open" });
    const timer = timers.find(({ milliseconds }) => milliseconds === OLD_PATH_MS);
    timer?.run();
    expect(path(0).closed).toBe(true);
  });

  it("stays on the old one while the new one can't be opened", () => {
    call.setState(1, { kind: "lost", reason: { kind: "unreachable" } });
    for (const { run } of [...timers]) run();
    call.signal(ADA, "s", "1 painted");
    call.signal(BELA, "s", "1 painted");
    expect(path(0).closed).toBe(false);
    expect(path(0).peers).toEqual([ADA, BELA]);
  });

  it("waits for nobody who has left", () => {
    call.setState(1, { kind: "open" });
    moved.add(ADA);
    call.signal(ADA, "s", "1 painted");
    call.review();
    call.setPeers([ADA]);
    expect(path(0).closed).toBe(true);
  });

  it("gives each path its own signals", () => {
    call.signal(ADA, "s", "0 {old}");
    call.signal(ADA, "s", "1 {new}");
    expect(path(0).signals).toEqual([`${ADA} s {old}`]);
    expect(path(1).signals).toEqual([`${ADA} s {new}`]);
    call.send(1, ADA, "session", "{}");
    expect(sent).toEqual([`${ADA} session 1 {}`]);
  });

  it("drops a path that was still opening when the call moves again", () => {
    call.follow({ path: "hidden", number: 2 });
    expect(path(1).closed).toBe(true);
    expect(path(0).closed).toBe(false);
    expect(call.paths.map(({ number }) => number)).toEqual([0, 2]);
  });

  it("keeps every path that carries somebody, however often it moves", () => {
    call.setState(1, { kind: "open" });
    call.follow({ path: "direct", number: 2 });
    expect(call.paths.map(({ number }) => number)).toEqual([0, 1, 2]);
    call.setState(2, { kind: "open" });
    moved.add(ADA).add(BELA);
    call.signal(ADA, "s", "2 painted");
    call.signal(BELA, "s", "2 painted");
    expect(call.paths.map(({ number }) => number)).toEqual([2]);
  });
});

describe("signals", () => {
  it("of a path that this page has not heard of yet wait for it", () => {
    call.signal(ADA, "s", "1 {early}");
    call.follow({ path: "relay", number: 1 });
    expect(path(1).signals).toEqual([`${ADA} s {early}`]);
  });

  it("of closed paths, and what is none, are dropped", () => {
    for (const text of ["{}", "-1 {}", "01 {}", "1.5 {}", "9999999999 {}", ""]) call.signal(ADA, "s", text);
    call.follow({ path: "relay", number: 1 });
    expect(path(0).signals).toEqual([]);
    expect(path(1).signals).toEqual([]);
  });
});

describe("a path that could not be opened", () => {
  it("is made anew on request", () => {
    call.follow({ path: "hidden", number: 1 });
    call.reopen();
    expect(made.map(({ choice }) => choice.number)).toEqual([0, 1, 1]);
    expect(call.paths.map(({ number }) => number)).toEqual([0, 1]);
  });
});
