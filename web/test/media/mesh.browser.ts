/** Mesh instances against each other in a real Chromium, with real media and transforms that pass frames on. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestBrowser } from "./browser/browser";
import type { Person } from "./browser/harness";

let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  browser = await TestBrowser.start();
  page = await browser.open();
});

afterAll(() => browser.stop());

describe("a call of two", () => {
  test("is seen and heard on both sides after one offer", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "B")) as [Person, Person];
      harness.room.roster();
      await harness.allSee([a, b]);
      const tone = await harness.until("a tone", () => b.hears(a, "microphone"));
      return {
        picture: b.sees(a, "camera"),
        tone,
        offers: harness.crossed("offer"),
        statuses: [a.statuses, b.statuses],
        problems: [...a.problems, ...b.problems],
      };
    });
    expect(seen.picture).toMatchObject({ sender: 7, track: "camera" });
    expect(seen.tone).toMatchObject({ person: 7, track: "microphone" });
    expect(seen.offers).toBe(1);
    expect(seen.statuses).toEqual([["connected"], ["connected"]]);
    expect(seen.problems).toEqual([]);
  });

  test("negotiates no audio level, no other codec and no data channel, in any description", async () => {
    const descriptions = await page.evaluate(() => window.harness.descriptions());
    expect(descriptions.length).toBeGreaterThanOrEqual(2);
    for (const sdp of descriptions) {
      expect(sdp).not.toMatch(/audio-level/);
      expect(sdp).not.toMatch(/m=application/);
      const codecs = [...sdp.matchAll(/a=rtpmap:\d+ (\S+)/g)].map((match) => match[1]);
      expect([...new Set(codecs)].sort()).toEqual(["VP8/90000", "opus/48000/2", "rtx/90000"]);
    }
  });

  test("sends audio frames of one size, whether somebody speaks or is muted", async () => {
    const sizes = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = [...harness.room.people.values()] as [Person, Person];
      const microphone = (await harness.openMicrophone()).track;
      a.mesh.setTrack("microphone", microphone);
      const collect = async () => {
        const all = new Map<number, number>();
        await a.transforms.sentSizes("microphone");
        await harness.until("100 frames", async () => {
          for (const [size, count] of await a.transforms.sentSizes("microphone")) {
            all.set(size, (all.get(size) ?? 0) + count);
          }
          return [...all.values()].reduce((sum, count) => sum + count, 0) >= 100;
        });
        return [...all.keys()];
      };
      await harness.until("tone", async () => (await b.hears(a, "microphone")) !== null);
      const speaking = await collect();
      microphone.enabled = false;
      await harness.until("silence", async () => (await b.hears(a, "microphone")) === null);
      const muted = await collect();
      microphone.enabled = true;
      await harness.until("tone again", async () => (await b.hears(a, "microphone")) !== null);
      return { speaking, muted };
    });
    expect(sizes).toEqual({ speaking: [100], muted: [100] });
  });

  test("switches a camera off and on without a new negotiation", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = [...harness.room.people.values()] as [Person, Person];
      a.mesh.setTrack("camera", null);
      await harness.until("camera is gone", () => !b.shown.has(`${a.id} camera`));
      a.mesh.setTrack("camera", (await harness.openCamera()).track);
      await harness.until("camera is back", () => b.sees(a, "camera") !== null);
      return harness.crossed("offer");
    });
    expect(seen).toBe(1);
  });

  test("shows and takes away a screen with its sound ten times", async () => {
    const rounds = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = [...harness.room.people.values()] as [Person, Person];
      const seen: unknown[] = [];
      for (let i = 0; i < 10; i++) {
        const capture = await harness.openScreen({ kind: "picker" }, { rate: 15, audio: true });
        a.mesh.setTrack("screen", capture.screen.track);
        a.mesh.setTrack("screen-audio", capture.screenAudio?.track ?? null);
        const picture = await harness.until("screen", () => b.sees(a, "screen"));
        const sound = await harness.until("its sound", () => b.hears(a, "screen-audio"));
        seen.push([picture.track, sound.track]);
        a.mesh.setTrack("screen", null);
        a.mesh.setTrack("screen-audio", null);
        capture.stop();
        await harness.until("no screen", () => !b.shown.has(`${a.id} screen`) && !b.shown.has(`${a.id} screen-audio`));
      }
      return {
        seen,
        offers: harness.crossed("offer"),
        camera: (await harness.until("camera", () => b.sees(a, "camera"))).track,
      };
    });
    expect(rounds.seen).toEqual(Array.from({ length: 10 }, () => ["screen", "screen-audio"]));
    expect(rounds.offers).toBe(1);
    expect(rounds.camera).toBe("camera");
  });

  test("restarts ICE when both sides ask at once, and every frame still goes through the transforms", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = [...harness.room.people.values()] as [Person, Person];
      const fragments = () =>
        new Set(harness.descriptions().flatMap((sdp) => [...sdp.matchAll(/a=ice-ufrag:(\S+)/g)].map((m) => m[1]))).size;
      const before = fragments();
      a.mesh.restart();
      b.mesh.restart();
      await harness.until("both have new credentials", () => fragments() >= before + 2);
      await harness.fresh([a, b]);
      const stats = await a.mesh.stats();
      return { rebuilds: stats[0]?.rebuilds, problems: [...a.problems, ...b.problems] };
    });
    expect(seen).toEqual({ rebuilds: 0, problems: [] });
  });
});

describe("people come and go", () => {
  test("a third is seen by all, and gone from all", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "C")) as [Person, Person];
      harness.room.roster();
      await harness.allSee([a, b]);
      const c = harness.room.enter("B");
      await harness.equip(c);
      harness.room.roster();
      await harness.allSee([a, b, c]);
      c.leave();
      harness.room.people.delete(c.id);
      harness.room.roster();
      await harness.until("gone", () => ![...a.shown.keys(), ...b.shown.keys()].some((key) => key.startsWith(c.id)));
      await harness.allSee([a, b]);
      return { peers: (await a.mesh.stats()).length, problems: [...a.problems, ...b.problems, ...c.problems] };
    });
    expect(seen).toEqual({ peers: 1, problems: [] });
  });

  test("an offer that overtakes the roster is kept for it", async () => {
    const offers = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "B")) as [Person, Person];
      b.mesh.setPeers([a.id]);
      await harness.until("the offer crossed", () => harness.crossed("candidates") > 0);
      await new Promise((resolve) => setTimeout(resolve));
      a.mesh.setPeers([b.id]);
      await harness.allSee([a, b]);
      return harness.crossed("offer");
    });
    expect(offers).toBe(1);
  });

  for (const [who, index] of [
    ["who offers", 1],
    ["who answers", 0],
  ] as const) {
    test(`the page of the one ${who} is reloaded, and late signals of the former one are dropped`, async () => {
      const seen = await page.evaluate(async (which) => {
        const { harness } = window;
        const people = await harness.call("A", "B");
        harness.room.roster();
        await harness.allSee(people);
        const [reloaded, other] = (which === 1 ? [...people].reverse() : people) as [Person, Person];
        const former = reloaded.mesh.session;
        const late = harness.room.log.filter(({ session }) => session === former);
        const again = harness.room.reload(reloaded);
        await harness.equip(again);
        again.mesh.setPeers([other.id]);
        await harness.allSee([again, other]);
        for (const { session, data } of late) other.mesh.onSignal(reloaded.id, session, data);
        await harness.fresh([again, other]);
        return { fresh: again.mesh.session !== former, problems: [...again.problems, ...other.problems] };
      }, index);
      expect(seen).toEqual({ fresh: true, problems: [] });
    });
  }
});

describe("failures", () => {
  for (const [who, index] of [
    ["offers", 1],
    ["answers", 0],
  ] as const) {
    test(`a transform lost at the one who ${who} is noticed, and the connection rebuilt`, async () => {
      const seen = await page.evaluate(async (which) => {
        const { harness } = window;
        const people = (await harness.call("A", "B")) as [Person, Person];
        const [a, b] = people;
        const victim = people[which] ?? a;
        victim.transforms.faults.blindReceivers = 1;
        harness.room.roster();
        await harness.allSee([a, b]);
        return { problems: victim.problems, rebuilds: (await victim.mesh.stats())[0]?.rebuilds };
      }, index);
      expect(seen).toEqual({ problems: [{ kind: "lost-attachment", track: "camera" }], rebuilds: 1 });
    });
  }

  test("a path that is gone and comes back is used again, with the same connection", async () => {
    const network = await page.context().newCDPSession(page);
    const conditions = { offline: false, latency: 1, downloadThroughput: 1e7, uploadThroughput: 1e7 };
    await network.send("Network.enable");
    await network.send("Network.emulateNetworkConditions", { ...conditions, packetLoss: 0 });
    await page.evaluate(async () => {
      const { harness } = window;
      const people = await harness.call("A", "B");
      harness.room.roster();
      await harness.allSee(people);
    });
    await network.send("Network.emulateNetworkConditions", { ...conditions, packetLoss: 100 });
    await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = [...harness.room.people.values()] as [Person, Person];
      await harness.until(
        "both notice",
        () => a.statuses.at(-1) === "reconnecting" && b.statuses.at(-1) === "reconnecting",
      );
      await harness.until("a restart", () => harness.crossed("offer") > 1);
    });
    await network.send("Network.emulateNetworkConditions", { ...conditions, packetLoss: 0 });
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = [...harness.room.people.values()] as [Person, Person];
      await harness.until(
        "both are back",
        () => a.statuses.at(-1) === "connected" && b.statuses.at(-1) === "connected",
      );
      await harness.fresh([a, b]);
      const stats = (await a.mesh.stats())[0];
      return { statuses: [a.statuses, b.statuses], rebuilds: stats?.rebuilds, restarts: stats?.restarts };
    });
    expect(seen.statuses[0]).toEqual(["connected", "reconnecting", "connected"]);
  });

  test("without a transform on a receiver nothing is offered or answered", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "B")) as [Person, Person];
      a.transforms.faults.bareReceivers = true;
      b.transforms.faults.bareReceivers = true;
      harness.room.roster();
      await harness.until("told", () => b.problems.length > 0);
      return { problems: b.problems, statuses: b.statuses, descriptions: harness.descriptions().length };
    });
    expect(seen).toEqual({ problems: [{ kind: "no-transforms" }], statuses: ["failed"], descriptions: 0 });
  });

  test("a browser without transforms says so, and the call works once there are some", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "B")) as [Person, Person];
      a.transforms.faults.unsupported = true;
      harness.room.roster();
      await harness.until("told", () => a.problems.length > 0);
      const problems = [...a.problems];
      a.transforms.faults.unsupported = false;
      a.mesh.setTransforms(a.transforms);
      await harness.allSee([a, b]);
      return { problems, statuses: a.statuses };
    });
    expect(seen).toEqual({ problems: [{ kind: "no-transforms" }], statuses: ["failed", "connecting", "connected"] });
  });

  test("signals lost while the server is away are made good when it is back", async () => {
    const rebuilt = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "B")) as [Person, Person];
      harness.room.deliver = () => false;
      harness.room.roster();
      await harness.until("an offer was lost", () => harness.crossed("offer") > 0);
      harness.room.deliver = () => true;
      a.mesh.announce();
      b.mesh.announce();
      await harness.allSee([a, b]);
      const capture = await harness.openScreen({ kind: "picker" }, { rate: 15, audio: false });
      harness.room.deliver = () => false;
      a.mesh.setTrack("screen", capture.screen.track);
      await harness.until("word of the screen was lost", () => harness.crossed("sends") > 0);
      harness.room.deliver = () => true;
      a.mesh.announce();
      await harness.until("the screen", () => b.sees(a, "screen") !== null);
      capture.stop();
      return (await b.mesh.stats())[0]?.rebuilds;
    });
    expect(rebuilt).toBe(1);
  });
});
