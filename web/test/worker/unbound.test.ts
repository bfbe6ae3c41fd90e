/** Receivers that a relay's client made before anybody knew whose frames they would get. */
import { beforeEach, describe, expect, it } from "vitest";
import { InjectedFrames } from "../../src/worker/injected";
import { Keyring } from "../../src/worker/keyring";
import type { MediaKind } from "../../src/worker/page-messages";
import { ReceiverStream } from "../../src/worker/receiver";
import { SenderStream } from "../../src/worker/sender";
import {
  ALICE,
  BOB,
  bytesOf,
  Collector,
  FakeFrame,
  frameKey,
  hexOf,
  ManualClock,
  Seeded,
  settled,
  videoFrame,
} from "./support";

const random = new Seeded(5);
const RAW = random.bytes(32);
const SILENT = { switched: () => undefined, forgot: () => undefined, receiveKeyInstalled: () => undefined };

let clock: ManualClock;
let sending: Keyring;
let receiving: Keyring;

beforeEach(async () => {
  clock = new ManualClock();
  sending = new Keyring(clock, SILENT);
  receiving = new Keyring(clock, SILENT);
  const options = { raw: RAW, keyId: 1, track: "camera" } as const;
  sending.apply({ kind: "install-send", key: await frameKey("encrypt", options), switchAfterMs: 0 });
  receiving.apply({ kind: "install-receive", key: await frameKey("decrypt", options) });
});

function unbound(kind: MediaKind, injected = new InjectedFrames()) {
  const out = new Collector();
  const asked = { count: 0 };
  const ask = () => asked.count++;
  const made = (frame: Uint8Array<ArrayBuffer>) => injected.made(frame);
  const stream = new ReceiverStream(7, { kind }, receiving, clock, out.writable, ask, made);
  return { stream, out, asked };
}

async function sealed(count: number): Promise<string[]> {
  const out = new Collector();
  const stream = new SenderStream(0, "camera", sending, out.writable, () => undefined);
  for (let i = 0; i < count; i++) stream.take(new FakeFrame(videoFrame(random, i === 0)));
  await settled(stream);
  return out.frames;
}

function feed(stream: ReceiverStream, frames: readonly string[]): void {
  for (const frame of frames) stream.take(new FakeFrame(bytesOf(frame)));
}

describe("a receiver that shows nobody", () => {
  it("shows nothing, and holds what comes until it is known whose it is", async () => {
    const { stream, out, asked } = unbound("video");
    const [first = "", second = ""] = await sealed(2);
    feed(stream, [first]);
    await settled(stream);
    expect(out.frames).toEqual([]);
    expect(stream.stats()).toMatchObject({ seen: 1, held: 1, passed: 0, track: "camera" });
    expect(stream.stats().participant).toBeUndefined();
    stream.rebind({ participant: ALICE, track: "camera" });
    feed(stream, [second]);
    await settled(stream);
    expect(out.frames).toHaveLength(2);
    expect(stream.stats().participant).toBe(ALICE);
    expect(asked.count).toBe(0);
  });

  it("shows nothing of what it held to anybody but its sender's own name", async () => {
    const { stream, out } = unbound("video");
    feed(stream, await sealed(2));
    stream.rebind({ participant: BOB, track: "camera" });
    await settled(stream);
    expect(out.frames).toEqual([]);
    expect(stream.stats().dropped.foreign).toBe(2);
  });

  it("forgets after a second what nobody claims, and then asks for a key frame at the first that it can show", async () => {
    const { stream, out, asked } = unbound("video");
    const [first = "", second = ""] = await sealed(2);
    feed(stream, [first]);
    clock.advance(1000);
    expect(stream.stats()).toMatchObject({ held: 0 });
    expect(stream.stats().dropped.unbound).toBe(1);
    stream.rebind({ participant: ALICE, track: "camera" });
    feed(stream, [second]);
    await settled(stream);
    expect(out.frames).toHaveLength(1);
    expect(asked.count).toBe(1);
  });

  it("holds thirty frames and a megabyte at most, the newest", async () => {
    const many = unbound("video");
    feed(many.stream, await sealed(31));
    expect(many.stream.stats()).toMatchObject({ held: 30 });
    expect(many.stream.stats().dropped.unbound).toBe(1);
    const large = unbound("video");
    const [first = ""] = await sealed(1);
    const long = first + "00".repeat(600 * 1024);
    feed(large.stream, [long, long]);
    expect(large.stream.stats()).toMatchObject({ held: 1 });
  });

  it("asks for a key frame at the first frame that it can show", async () => {
    const { stream, asked } = unbound("video");
    const [, delta = ""] = await sealed(2);
    stream.rebind({ participant: ALICE, track: "camera" });
    feed(stream, [delta]);
    await settled(stream);
    expect(asked.count).toBe(1);
  });

  it("shows nobody again when it is let go, and never the one before under the next one's name", async () => {
    const { stream, out } = unbound("video");
    const [one = "", two = "", three = ""] = await sealed(3);
    stream.rebind({ participant: ALICE, track: "camera" });
    feed(stream, [one]);
    await settled(stream);
    stream.unbind();
    feed(stream, [two]);
    stream.rebind({ participant: BOB, track: "camera" });
    feed(stream, [three]);
    await settled(stream);
    expect(out.frames).toHaveLength(1);
    expect(stream.stats().dropped).toMatchObject({ foreign: 2 });
  });

  it("never takes another kind of media", async () => {
    const { stream } = unbound("audio");
    stream.rebind({ participant: ALICE, track: "camera" });
    feed(stream, await sealed(1));
    clock.advance(1000);
    await settled(stream);
    expect(stream.stats()).toMatchObject({ passed: 0, held: 0 });
    expect(stream.stats().dropped.unbound).toBe(1);
  });

  it("drops what waits for the one before when it is let go", async () => {
    const { stream } = unbound("video");
    receiving.forgetAll();
    stream.rebind({ participant: ALICE, track: "camera" });
    feed(stream, await sealed(2));
    expect(stream.stats()).toMatchObject({ held: 2 });
    stream.unbind();
    expect(stream.stats()).toMatchObject({ held: 0 });
    expect(stream.stats().dropped.unbound).toBe(2);
  });
});

describe("frames that a relay made", () => {
  it("are dropped at once, without holding up others or asking for key frames", async () => {
    const injected = new InjectedFrames();
    const trailer = random.bytes(16);
    injected.learn(trailer);
    const { stream, out, asked } = unbound("video", injected);
    stream.rebind({ participant: ALICE, track: "camera" });
    const [first = "", second = ""] = await sealed(2);
    const made = hexOf(videoFrame(random, true, 30)) + hexOf(trailer);
    feed(stream, [first, made, second]);
    await settled(stream);
    expect(out.frames).toHaveLength(2);
    expect(stream.stats()).toMatchObject({ held: 0 });
    expect(stream.stats().dropped.injected).toBe(1);
    expect(asked.count).toBe(0);
  });

  it("are known by the trailers of the last eight nodes", () => {
    const injected = new InjectedFrames();
    const trailers = Array.from({ length: 9 }, () => random.bytes(16));
    for (const trailer of trailers) injected.learn(trailer);
    expect(trailers.map((trailer) => injected.made(trailer))).toEqual([false, ...Array(8).fill(true)]);
  });
});
