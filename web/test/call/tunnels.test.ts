import { describe, expect, it } from "vitest";
import { Tunnels } from "../../src/call/tunnels";
import { TunnelRefused } from "../../src/media/path";

const PROBLEM = { code: "relay.ticket", what: "what", privacy: "privacy", next: "next" };

describe("ways to the relay", () => {
  const asked: (string | null)[] = [];
  const make = () =>
    new Tunnels(
      (failed) => asked.push(failed),
      () => "http://127.0.0.1:1",
      () => () => {},
    );

  it("tells of each what the backend finds out about it later, and of no other", async () => {
    const tunnels = make();
    const first = tunnels.open(null);
    await Promise.resolve();
    tunnels.given("node", "one");
    const second = tunnels.open("node");
    const one = await first;
    await Promise.resolve();
    tunnels.given("node", "two");
    const two = await second;
    expect(one.url).toBe("ws://127.0.0.1:1/relay/one");
    expect(one.failure()).toBeNull();
    tunnels.cameToNothing("one", PROBLEM);
    expect(one.failure()).toBe(PROBLEM);
    expect(two.failure()).toBeNull();
    expect(asked).toEqual([null, "node"]);
  });

  it("remembers the last failures only", async () => {
    const tunnels = make();
    const opened = tunnels.open(null);
    await Promise.resolve();
    tunnels.given("node", "one");
    const one = await opened;
    tunnels.cameToNothing("one", PROBLEM);
    for (let other = 0; other < 8; other++) tunnels.cameToNothing(`other ${other}`, PROBLEM);
    expect(one.failure()).toBeNull();
  });

  it("is refused in the backend's words", async () => {
    const tunnels = make();
    const opened = tunnels.open(null);
    await Promise.resolve();
    tunnels.refused(PROBLEM);
    await expect(opened).rejects.toEqual(new TunnelRefused(PROBLEM));
  });
});
