/** Relay paths against each other over a real LiveKit server in a real Chromium, with transforms that pass frames on. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestBrowser } from "./browser/browser";
import { LiveKit, livekitInstalled } from "./browser/livekit.mjs";
import type { RelayPerson } from "./browser/relay-harness";

let browser: TestBrowser;
let page: Page;
let nodes: LiveKit[] = [];

const tunnel = (failed: string | null) => {
  const node = nodes.find(({ port }) => String(port) !== failed) ?? nodes[0];
  if (node === undefined) throw new Error("no node");
  return { node: String(node.port), port: node.port, token: node.token("room") };
};

describe.runIf(livekitInstalled())("a relayed call", () => {
  beforeAll(async () => {
    nodes = [await LiveKit.start()];
    browser = await TestBrowser.start();
    page = await browser.open();
    await page.exposeFunction("relayTunnel", tunnel);
    await page.addScriptTag({ type: "module", url: "/test/media/browser/relay-harness.ts" });
    await page.waitForFunction(() => "relay" in window);
  });

  afterAll(async () => {
    await browser?.stop();
    for (const node of nodes) node.stop();
  });

  test("of two is seen and heard on both sides, each track under its own sender and name", async () => {
    const seen = await page.evaluate(async () => {
      const [a, b] = (await window.relay.call(2)) as [RelayPerson, RelayPerson];
      await window.relay.allSee();
      const tone = await window.harness.until("a tone", () => b.hears(a, "microphone"));
      return {
        picture: b.sees(a, "camera"),
        tone,
        bindings: [...b.transforms.bindings.values()].sort(),
        expected: [`${a.id} camera`, `${a.id} microphone`],
        states: a.states.map(({ kind }) => kind),
        problems: [...a.problems, ...b.problems],
        trailers: a.transforms.trailers.map(({ length }) => length),
      };
    });
    expect(seen.picture).toMatchObject({ sender: 7, track: "camera" });
    expect(seen.tone).toMatchObject({ person: 7, track: "microphone" });
    expect(seen.bindings).toEqual(seen.expected);
    expect(seen.states).toEqual(["opening", "open"]);
    expect(seen.problems).toEqual([]);
    expect(seen.trailers[0]).toBeGreaterThanOrEqual(8);
  });
});
