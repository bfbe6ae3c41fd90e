import { beforeEach, describe, expect, it } from "vitest";
import { type Bytes, concat } from "../../src/worker/bytes";
import { Keyring } from "../../src/worker/keyring";
import type { Track } from "../../src/worker/messages";
import { ReceiverStream } from "../../src/worker/receiver";
import { SenderStream } from "../../src/worker/sender";
import { parameters, writeHeader } from "../../src/worker/sframe";
import {
  ALICE,
  BOB,
  Collector,
  FakeFrame,
  frameKey,
  hexOf,
  type KeyOptions,
  ManualClock,
  Seeded,
  settled,
  videoFrame,
} from "./support";

const random = new Seeded(21);
const RAW = random.bytes(32);
const OTHER = random.bytes(32);
const SILENT = { switched: () => undefined, forgot: () => undefined };

let clock: ManualClock;
let sending: Keyring;
let receiving: Keyring;
let receivers: ReceiverStream[];

beforeEach(() => {
  clock = new ManualClock();
  receivers = [];
  sending = new Keyring(clock, { ...SILENT, receiveKeyInstalled: () => undefined });
  receiving = new Keyring(clock, {
    ...SILENT,
    receiveKeyInstalled: () => {
      for (const receiver of receivers) receiver.releaseHeld();
    },
  });
});

async function installSend(options: KeyOptions): Promise<void> {
  sending.apply({
    kind: "install-send",
    key: await frameKey("encrypt", { raw: RAW, ...options }),
    switchAfterMs: 0,
  });
}

async function installReceive(options: KeyOptions): Promise<void> {
  receiving.apply({ kind: "install-receive", key: await frameKey("decrypt", { raw: RAW, ...options }) });
}

function sender(track: Track) {
  const out = new Collector();
  const asked = { count: 0 };
  const stream = new SenderStream(0, track, sending, out.writable, () => asked.count++);
  return { stream, out, asked };
}

function receiver(track: Track, participant = ALICE) {
  const out = new Collector();
  const asked = { count: 0 };
  const stream = new ReceiverStream(0, { participant, track }, receiving, clock, out.writable, () => asked.count++);
  receivers.push(stream);
  return { stream, out, asked };
}

/** Encrypts frames with the sending keyring. */
async function sealed(track: Track, frames: readonly Bytes[]): Promise<Bytes[]> {
  const { stream, out } = sender(track);
  for (const frame of frames) {
    stream.take(new FakeFrame(frame));
    await settled(stream);
  }
  expect(out.frames).toHaveLength(frames.length);
  return out.frames.map((hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

function audio(count: number): Bytes[] {
  return Array.from({ length: count }, () => random.bytes(20 + random.next(60)));
}

function video(count: number): Bytes[] {
  return Array.from({ length: count }, (_, i) => videoFrame(random, i === 0, 30 + random.next(3000)));
}

function feed(to: { take(frame: FakeFrame): void }, frames: readonly Bytes[]): void {
  for (const frame of frames) to.take(new FakeFrame(frame));
}

describe("a sender", () => {
  it("lets nothing out without a key, and asks for a key frame with the first frame after", async () => {
    const { stream, out, asked } = sender("camera");
    feed(stream, video(5));
    await settled(stream);
    expect(out.frames).toEqual([]);
    expect(stream.stats().dropped["no-key"]).toBe(5);
    await installSend({ keyId: 1, track: "camera" });
    feed(stream, [videoFrame(random, false), videoFrame(random, false)]);
    await settled(stream);
    expect(out.frames).toHaveLength(2);
    expect(asked.count).toBe(1);
  });

  it("keeps back what was being encrypted when the key was forgotten", async () => {
    await installSend({ keyId: 1, track: "microphone" });
    const { stream, out } = sender("microphone");
    feed(stream, audio(5));
    sending.forgetAll();
    await settled(stream);
    expect(out.frames).toEqual([]);
  });

  it("drops other codecs, empty frames and frames that are too short", async () => {
    await installSend({ keyId: 1, track: "camera" });
    await installSend({ keyId: 2, track: "microphone" });
    const camera = sender("camera");
    camera.stream.take(new FakeFrame(videoFrame(random, true), "video/VP9"));
    camera.stream.take(new FakeFrame(videoFrame(random, false), "video/VP9"));
    camera.stream.take(new FakeFrame(videoFrame(random, true, 9), "video/VP8"));
    camera.stream.take(new FakeFrame(new Uint8Array(0), "video/VP8"));
    camera.stream.take(new FakeFrame(videoFrame(random, true), "video/VP8"));
    const microphone = sender("microphone");
    microphone.stream.take(new FakeFrame(random.bytes(50), "audio/red"));
    microphone.stream.take(new FakeFrame(random.bytes(50), "audio/opus"));
    await settled(camera.stream, microphone.stream);
    expect(camera.stream.stats()).toMatchObject({ passed: 1, dropped: { codec: 2, malformed: 1, empty: 1 } });
    expect(microphone.stream.stats()).toMatchObject({ passed: 1, dropped: { codec: 1 } });
  });

  it("does not pile up frames beyond what it can encrypt in time", async () => {
    await installSend({ keyId: 1, track: "microphone" });
    const { stream, out } = sender("microphone");
    feed(stream, audio(100));
    await settled(stream);
    expect(out.frames).toHaveLength(32);
    expect(stream.stats().dropped.overload).toBe(68);
  });
});

describe("a receiver", () => {
  it.each(["microphone", "camera", "screen", "screen-audio"] as const)("shows what was sent: %s", async (track) => {
    await installSend({ keyId: 1, track });
    await installReceive({ keyId: 2, track });
    const frames = track === "camera" || track === "screen" ? video(20) : audio(20);
    const { stream, out } = receiver(track);
    feed(stream, await sealed(track, frames));
    await settled(stream);
    expect(out.frames).toEqual(frames.map(hexOf));
  });

  it("shows nobody but its participant, and no other track", async () => {
    for (const [keyId, track] of [
      [1, "camera"],
      [2, "screen"],
    ] as const) {
      await installSend({ keyId, track });
      await installReceive({ keyId, track });
    }
    const camera = await sealed("camera", video(3));
    const wrongPerson = receiver("camera", BOB);
    const wrongTrack = receiver("screen");
    feed(wrongPerson.stream, camera);
    feed(wrongTrack.stream, camera);
    await settled(wrongPerson.stream, wrongTrack.stream);
    for (const { stream, out } of [wrongPerson, wrongTrack]) {
      expect(out.frames).toEqual([]);
      expect(stream.stats().dropped.foreign).toBe(3);
    }
  });

  it("follows its binding, also for frames that are being decrypted", async () => {
    await installSend({ keyId: 1, track: "camera" });
    await installReceive({ keyId: 2, track: "camera" });
    const { stream, out } = receiver("camera");
    const [first, ...rest] = await sealed("camera", video(3));
    if (first === undefined) throw new RangeError("no frame");
    feed(stream, [first]);
    stream.rebind({ participant: BOB, track: "camera" });
    feed(stream, rest);
    await settled(stream);
    expect(out.frames).toEqual([]);
    stream.rebind({ participant: ALICE, track: "camera" });
    const more = video(1);
    feed(stream, await sealed("camera", more));
    await settled(stream);
    expect(out.frames).toEqual(more.map(hexOf));
  });

  it("refuses replays, accepts reordering, and is silent about both", async () => {
    await installSend({ keyId: 1, track: "camera" });
    await installReceive({ keyId: 2, track: "camera" });
    const frames = video(20);
    const wire = await sealed("camera", frames);
    const { stream, out, asked } = receiver("camera");
    feed(stream, [...wire].reverse());
    await settled(stream);
    feed(stream, wire);
    // Twice in one go: neither copy has authenticated when the other one is looked at.
    const [again] = await sealed("camera", video(1));
    if (again === undefined) throw new RangeError("no frame");
    feed(stream, [again, again]);
    await settled(stream);
    expect(out.frames.slice(0, 20)).toEqual([...frames].reverse().map(hexOf));
    expect(out.frames).toHaveLength(21);
    expect(stream.stats().dropped).toMatchObject({ replayed: 21, forged: 0 });
    expect(asked.count).toBe(0);
  });

  it("tries both keys of a KID, whichever group they are from", async () => {
    await installSend({ keyId: 1, track: "microphone" });
    await installReceive({ keyId: 2, track: "microphone" });
    await installReceive({ keyId: 3, track: "microphone", raw: OTHER });
    const { stream, out } = receiver("microphone");
    const before = audio(3);
    feed(stream, await sealed("microphone", before));
    await installSend({ keyId: 4, track: "microphone", raw: OTHER });
    const after = audio(3);
    feed(stream, await sealed("microphone", after));
    await settled(stream);
    expect(out.frames).toEqual([...before, ...after].map(hexOf));
  });

  it("holds video for a late key and shows all of it in order, without a request", async () => {
    await installSend({ keyId: 1, track: "camera" });
    const frames = video(15);
    const wire = await sealed("camera", frames);
    const { stream, out, asked } = receiver("camera");
    for (const frame of wire.slice(0, 10)) {
      feed(stream, [frame]);
      clock.advance(60);
    }
    expect(stream.stats().held).toBe(10);
    await installReceive({ keyId: 2, track: "camera" });
    feed(stream, wire.slice(10));
    await settled(stream);
    expect(out.frames).toEqual(frames.map(hexOf));
    expect(asked.count).toBe(0);
  });

  it("gives up after a second, then asks for one key frame with the first good frame", async () => {
    await installSend({ keyId: 1, track: "camera" });
    const wire = await sealed("camera", [...video(5), ...Array.from({ length: 5 }, () => videoFrame(random, false))]);
    const { stream, out, asked } = receiver("camera");
    feed(stream, wire.slice(0, 5));
    clock.advance(1001);
    expect(stream.stats()).toMatchObject({ held: 0, dropped: { late: 5 } });
    await installReceive({ keyId: 2, track: "camera" });
    expect(asked.count).toBe(0);
    feed(stream, wire.slice(5));
    await settled(stream);
    expect(out.frames).toHaveLength(5);
    expect(asked.count).toBe(1);
  });

  it("shows nothing of a member who sends another beginning in the clear than the frame has", async () => {
    await installSend({ keyId: 1, track: "camera" });
    await installReceive({ keyId: 2, track: "camera" });
    const honest = videoFrame(random, false);
    const lying = videoFrame(random, false);
    lying[0] = (honest[0] ?? 0) ^ 0x10;
    const { stream, out } = receiver("camera");
    for (const [counter, begins] of [lying, honest].entries()) {
      const lot = sending.take("camera");
      if (lot === undefined) throw new Error("no key");
      const { key, salt, kid } = lot.key.fields;
      const header = new Uint8Array(17);
      const sframe = header.subarray(0, writeHeader(header, 0, kid, counter));
      const clear = begins.subarray(0, 1);
      const algorithm = parameters(salt, counter, concat(sframe, Uint8Array.of(1), clear));
      const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, honest));
      feed(stream, [concat(clear, sframe, ciphertext)]);
      await settled(stream);
    }
    expect(out.frames).toEqual([hexOf(honest)]);
    expect(stream.stats()).toMatchObject({ passed: 1, dropped: { malformed: 1 } });
  });

  it("asks at most once a second, however many frames are bad", async () => {
    await installSend({ keyId: 1, track: "camera" });
    await installReceive({ keyId: 2, track: "camera" });
    const wire = await sealed(
      "camera",
      Array.from({ length: 20 }, () => videoFrame(random, false)),
    );
    const { stream, asked } = receiver("camera");
    for (const frame of wire) {
      const forged = frame.slice();
      forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1;
      feed(stream, [forged, frame]);
      await settled(stream);
      clock.advance(150);
    }
    expect(stream.stats()).toMatchObject({ passed: 20, dropped: { forged: 20 } });
    expect(asked.count).toBe(3);
  });

  it("holds ten audio frames for 200 ms", async () => {
    await installSend({ keyId: 1, track: "microphone" });
    const frames = audio(30);
    const wire = await sealed("microphone", frames);
    const { stream, out } = receiver("microphone");
    feed(stream, wire.slice(0, 12));
    expect(stream.stats()).toMatchObject({ held: 10, dropped: { late: 2 } });
    clock.advance(200);
    expect(stream.stats()).toMatchObject({ held: 0, dropped: { late: 12 } });
    feed(stream, wire.slice(12, 18));
    clock.advance(150);
    await installReceive({ keyId: 2, track: "microphone" });
    feed(stream, wire.slice(18));
    await settled(stream);
    expect(out.frames).toEqual(frames.slice(12).map(hexOf));
  });

  it("holds no more than 60 frames and 4 MB of video", async () => {
    await installSend({ keyId: 1, track: "camera" });
    const small = await sealed("camera", video(70));
    const { stream } = receiver("camera");
    feed(stream, small);
    expect(stream.stats()).toMatchObject({ held: 60, dropped: { late: 10 } });
    const large = await sealed(
      "camera",
      [1, 2, 3].map(() => new Uint8Array(1_500_000).fill(1)),
    );
    const other = receiver("camera");
    feed(other.stream, large);
    expect(other.stream.stats()).toMatchObject({ held: 2, dropped: { late: 1 } });
  });

  it("stops with its key, also for frames that are being decrypted", async () => {
    await installSend({ keyId: 1, track: "microphone" });
    await installReceive({ keyId: 2, track: "microphone" });
    const { stream, out } = receiver("microphone");
    feed(stream, await sealed("microphone", audio(5)));
    receiving.forgetAll();
    await settled(stream);
    expect(out.frames).toEqual([]);
  });

  it("passes nothing that was not sealed for it: random frames, plain media, altered frames", async () => {
    for (const track of ["microphone", "camera"] as const) {
      await installSend({ keyId: track === "camera" ? 1 : 2, track });
      await installReceive({ keyId: track === "camera" ? 3 : 4, track });
      const { stream, out } = receiver(track);
      const genuine = await sealed(track, track === "camera" ? video(20) : audio(20));
      for (let i = 0; i < 1500; i++) {
        let frame = random.bytes(random.next(80));
        if (random.next(2) === 0) {
          const from = genuine[random.next(genuine.length)] ?? frame;
          frame = from.slice(0, random.next(3) === 0 ? random.next(from.length) : from.length);
          if (frame.length > 0) {
            const at = random.next(Math.min(frame.length, 40));
            frame[at] = (frame[at] ?? 0) ^ (1 << random.next(8));
          }
        }
        feed(stream, [frame]);
        if (i % 20 === 0) {
          await settled(stream);
          clock.advance(1100);
        }
      }
      clock.advance(1100);
      await settled(stream);
      expect(out.frames).toEqual([]);
      expect(stream.stats().seen).toBe(1500);
    }
  });
});
