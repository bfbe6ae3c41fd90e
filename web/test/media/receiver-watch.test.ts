import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReceiverWatch } from "../../src/media/receiver-watch";
import type { Transforms } from "../../src/media/transforms";

/** Of the receiver before its transform, and of the worker behind it. */
let arrived: number;
let seen: number | Error;
let asked: number;

const receiver = {
  getStats: async () => new Map([["in", { type: "inbound-rtp", bytesReceived: arrived }]]),
} as unknown as RTCRtpReceiver;

const transforms = {
  framesSeen: async () => {
    asked++;
    if (seen instanceof Error) throw seen;
    return seen;
  },
} as unknown as Transforms;

beforeEach(() => {
  vi.useFakeTimers();
  [arrived, seen, asked] = [0, 0, 0];
});
afterEach(() => void vi.useRealTimers());

describe("a receiver's watch", () => {
  it("leaves a receiver that is well alone for a while, then looks again", async () => {
    const watch = new ReceiverWatch();
    expect(await watch.look(receiver, transforms)).toBe("waiting");
    [arrived, seen] = [100, 1];
    expect(await watch.look(receiver, transforms)).toBe("seen");
    expect(await watch.look(receiver, transforms)).toBe("seen");
    expect(asked).toBe(2);
    vi.advanceTimersByTime(5_000);
    expect(await watch.look(receiver, transforms)).toBe("waiting");
  });

  it("tells of one whose media arrives and is not seen", async () => {
    const watch = new ReceiverWatch();
    await watch.look(receiver, transforms);
    arrived = 100;
    expect(await watch.look(receiver, transforms)).toBe("waiting");
    vi.advanceTimersByTime(1_000);
    arrived = 200;
    expect(await watch.look(receiver, transforms)).toBe("lost");
  });

  it("holds nothing against a receiver whose worker is gone", async () => {
    const watch = new ReceiverWatch();
    await watch.look(receiver, transforms);
    [arrived, seen] = [100, new Error("gone")];
    expect(await watch.look(receiver, transforms)).toBe("waiting");
    vi.advanceTimersByTime(10_000);
    arrived = 200;
    expect(await watch.look(receiver, transforms)).toBe("waiting");
  });
});
