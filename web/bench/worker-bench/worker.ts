/**
 * Rounds of frames through the product's streams (codec, keyring, sealing, replay window, ordered output), and of the
 * same frames through bare WebCrypto: same key, counters, nonces, additional data and number of frames in flight. The
 * bare way comes twice.
 *
 * - `bare` makes each frame's nonce as a textbook would: a copy of the salt, XORed with the counter.
 * - `least` writes it into one buffer that is used again, as the product does. Nothing cheaper was found.
 *
 * Neither makes additional data or headers: all of that is there before the round begins. In every kind the finished
 * frame's buffer is given back at once, as the browser does with a frame that is written.
 */
import { type Bytes, concat } from "../../src/worker/bytes";
import { systemClock } from "../../src/worker/clock";
import type { FrameKey } from "../../src/worker/commands";
import { Keyring } from "../../src/worker/keyring";
import type { Track } from "../../src/worker/messages";
import { ReceiverStream } from "../../src/worker/receiver";
import { SenderStream } from "../../src/worker/sender";
import { parameters, writeHeader } from "../../src/worker/sframe";
import type { EncodedFrame } from "../../src/worker/stream";

export type Kind = `${"sotto" | "bare" | "least"}-${"encrypt" | "decrypt"}`;
export type Question = { readonly prepare: { readonly kind: Kind; readonly bytes: number } } | "go";
export type Answer = { readonly frames: number; readonly milliseconds: number };

const IN_FLIGHT = 8;
const PARTICIPANT = "AAAAAAAAAAAAAAAAAAAAAA";
const NOTHING = new ArrayBuffer(0);
const raw = crypto.getRandomValues(new Uint8Array(32));
const salt = crypto.getRandomValues(new Uint8Array(12));
/** Per frame size: the encoder's frames, and the same as they are on the wire, made once. */
const sets = new Map<number, Promise<{ plain: Bytes[]; wire: Bytes[] }>>();

let round: () => Promise<void> = async () => undefined;
let frames = 0;

/** Small frames are audio, larger ones video with its clear prefix. */
function trackOf(bytes: number): Track {
  return bytes < 500 ? "microphone" : "camera";
}

function countOf(bytes: number): number {
  return bytes <= 1000 ? 20_000 : bytes <= 10_000 ? 8_000 : 4_000;
}

async function frameKey(track: Track, usage: KeyUsage): Promise<FrameKey> {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);
  const kid = track === "camera" ? 0x141 : 0x101;
  return { keyId: 1, kid, track, participant: PARTICIPANT, key, salt };
}

function newKeyring(): Keyring {
  const nothing = () => undefined;
  return new Keyring(systemClock, { switched: nothing, forgot: nothing, receiveKeyInstalled: nothing });
}

class Frame implements EncodedFrame {
  constructor(public data: ArrayBuffer) {}

  getMetadata() {
    return {};
  }
}

/** Feeds a stream so that IN_FLIGHT frames are in it, until all have come out. */
function through(
  input: Frame[],
  make: (out: WritableStream<EncodedFrame>) => SenderStream | ReceiverStream,
  seen: (frame: Frame) => void,
) {
  let next = 0;
  let out = 0;
  let stream: SenderStream | ReceiverStream;
  return new Promise<void>((resolve, reject) => {
    const feed = () => {
      const frame = input[next++];
      if (frame !== undefined) stream.take(frame);
    };
    const written = Promise.resolve();
    const write = (frame: EncodedFrame) => {
      seen(frame);
      if (++out < input.length) {
        feed();
      } else {
        clearTimeout(timer);
        resolve();
      }
      return written;
    };
    const timer = setTimeout(() => reject(new Error("frames were dropped")), 60_000);
    // In place of the browser's own stream, which costs the same whoever writes to it.
    stream = make({ getWriter: () => ({ write }) } as unknown as WritableStream<EncodedFrame>);
    for (let i = 0; i < IN_FLIGHT; i++) feed();
  });
}

async function sender(track: Track): Promise<(out: WritableStream<EncodedFrame>) => SenderStream | ReceiverStream> {
  const keyring = newKeyring();
  keyring.apply({ kind: "install-send", key: await frameKey(track, "encrypt"), switchAfterMs: 0 });
  return (out) => new SenderStream(0, track, keyring, out, () => undefined);
}

async function receiver(track: Track): Promise<(out: WritableStream<EncodedFrame>) => SenderStream | ReceiverStream> {
  const keyring = newKeyring();
  keyring.apply({ kind: "install-receive", key: await frameKey(track, "decrypt") });
  const binding = { participant: PARTICIPANT, track };
  return (out) => new ReceiverStream(0, binding, keyring, systemClock, out, () => undefined);
}

function framesOf(bytes: number): Promise<{ plain: Bytes[]; wire: Bytes[] }> {
  const known = sets.get(bytes);
  if (known !== undefined) return known;
  const made = (async () => {
    // One buffer shared by all: what is measured must not be the garbage of the benchmark's own frames.
    const frame = crypto.getRandomValues(new Uint8Array(bytes));
    frame[0] = (frame[0] ?? 0) | 1;
    const plain = Array.from({ length: countOf(bytes) }, () => frame);
    const wire: Bytes[] = [];
    const input = plain.map(({ buffer }) => new Frame(buffer));
    await through(input, await sender(trackOf(bytes)), ({ data }) => wire.push(new Uint8Array(data)));
    return { plain, wire };
  })();
  sets.clear();
  sets.set(bytes, made);
  return made;
}

function freshNonce(counter: number, additional: Bytes): AesGcmParams {
  const iv = salt.slice();
  const view = new DataView(iv.buffer);
  view.setUint32(8, view.getUint32(8) ^ counter);
  return { name: "AES-GCM", iv, additionalData: additional, tagLength: 128 };
}

async function bareWork(kind: Kind, plain: Bytes[], wire: Bytes[], track: Track): Promise<() => Promise<void>> {
  const encrypts = kind.endsWith("-encrypt");
  const { key, kid } = await frameKey(track, encrypts ? "encrypt" : "decrypt");
  const clear = track === "camera" ? 1 : 0;
  const header = new Uint8Array(17);
  const jobs = wire.map((sealed, counter) => {
    const length = writeHeader(header, 0, kid, counter);
    const additional = concat(header.subarray(0, length), Uint8Array.of(clear), sealed.subarray(0, clear));
    const body = encrypts ? plain[counter] : sealed.subarray(clear + length);
    // A buffer of its own before the round, as Chromium would make one at the call.
    additional.buffer;
    return { counter, additional, body: body ?? sealed };
  });
  const work = encrypts ? crypto.subtle.encrypt : crypto.subtle.decrypt;
  const algorithm = kind.startsWith("bare-")
    ? freshNonce
    : (counter: number, additional: Bytes) => parameters(salt, counter, additional);
  return async () => {
    let next = 0;
    const lane = async () => {
      for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
        const result = await work.call(crypto.subtle, algorithm(job.counter, job.additional), key, job.body);
        result.transfer(0);
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  };
}

async function prepare(kind: Kind, bytes: number): Promise<void> {
  (globalThis as { gc?: () => void }).gc?.();
  const { plain, wire } = await framesOf(bytes);
  const track = trackOf(bytes);
  frames = plain.length;
  if (!kind.startsWith("sotto-")) {
    round = await bareWork(kind, plain, wire, track);
    return;
  }
  const input = (kind === "sotto-encrypt" ? plain : wire).map(({ buffer }) => new Frame(buffer));
  const make = await (kind === "sotto-encrypt" ? sender(track) : receiver(track));
  round = () =>
    through(input, make, (frame) => {
      frame.data.transfer(0);
      frame.data = NOTHING;
    });
}

globalThis.addEventListener("message", async ({ data }: MessageEvent<Question>) => {
  const start = performance.now();
  if (data === "go") await round();
  else await prepare(data.prepare.kind, data.prepare.bytes);
  const answer: Answer = { frames, milliseconds: performance.now() - start };
  postMessage(answer);
});
