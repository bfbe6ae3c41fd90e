/**
 * Transforms of one participant in the relay benchmark: the product's streams under keys that everybody has, frames passed
 * on as they are, or encrypted with as little as that takes.
 */
import { systemClock } from "../../src/worker/clock";
import type { FrameKey } from "../../src/worker/commands";
import { Keyring } from "../../src/worker/keyring";
import { TRACK_VALUES, type Track } from "../../src/worker/messages";
import { ReceiverStream } from "../../src/worker/receiver";
import { SenderStream } from "../../src/worker/sender";
import { type EncodedFrame, OrderedOutput, pump, type Transformer } from "../../src/worker/stream";

export interface TransformOptions {
  readonly mode: "sotto" | "pass" | "bare" | "piped";
  readonly stream: number;
  readonly send: Track | null;
  readonly kind: "audio" | "video";
}

export type FromPage =
  | { readonly person: number; readonly people: number }
  | { readonly bind: number; readonly participant: string; readonly track: Track };

const nothing = () => undefined;
const keyring = new Keyring(systemClock, { switched: nothing, forgot: nothing, receiveKeyInstalled: nothing });
const receivers = new Map<number, ReceiverStream>();

async function keyOf(person: number, track: Track, usage: KeyUsage): Promise<FrameKey> {
  const index = TRACK_VALUES.indexOf(track);
  const number = person * 4 + index;
  const key = await crypto.subtle.importKey("raw", new Uint8Array(32).fill(number), "AES-GCM", false, [usage]);
  const kid = (person << 8) | (index << 6) | 1;
  return { keyId: number, kid, track, participant: `person-${person}`, key, salt: new Uint8Array(12).fill(number) };
}

async function installKeys(own: number, people: number): Promise<void> {
  for (let person = 1; person <= people; person++)
    for (const track of ["microphone", "camera"] as const)
      if (person === own)
        keyring.apply({ kind: "install-send", key: await keyOf(person, track, "encrypt"), switchAfterMs: 0 });
      else keyring.apply({ kind: "install-receive", key: await keyOf(person, track, "decrypt") });
  postMessage("ready");
}

/** Ten clear bytes, enough for a relay to tell key frames from others. */
const CLEAR = 10;
const bareKey = crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);

/** The least that encrypting takes: one call of WebCrypto for each frame, in order, and nothing that would make it safe. */
async function bare({ readable, writable }: Transformer, sends: boolean): Promise<void> {
  const key = await bareKey;
  const output = new OrderedOutput(writable);
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(new ArrayBuffer(12)) };
  await pump(readable, {
    take(frame) {
      const { data } = frame;
      const work = sends
        ? crypto.subtle.encrypt(algorithm, key, data)
        : crypto.subtle.decrypt(algorithm, key, new Uint8Array(data, CLEAR));
      output.push(frame, work, (result) => {
        if (!sends || result === undefined) return result;
        const { byteLength } = result;
        const wire = new Uint8Array(result.transfer(byteLength + CLEAR));
        wire.copyWithin(CLEAR, 0, byteLength);
        wire.set(new Uint8Array(data, 0, Math.min(CLEAR, data.byteLength)));
        return wire.buffer;
      });
    },
  });
}

addEventListener("message", ({ data }: MessageEvent<FromPage>) => {
  if ("person" in data) void installKeys(data.person, data.people);
  else receivers.get(data.bind)?.rebind(data);
});

addEventListener("rtctransform", (event) => {
  const { transformer } = event as unknown as { transformer: Transformer };
  const { mode, stream, send, kind } = transformer.options as TransformOptions;
  if (mode === "pass") {
    const writer = transformer.writable.getWriter();
    void pump(transformer.readable, { take: (frame) => void writer.write(frame).catch(nothing) });
  } else if (mode === "piped") {
    const through = new TransformStream<EncodedFrame, EncodedFrame>({
      transform: (frame, controller) => controller.enqueue(frame),
    });
    void transformer.readable.pipeThrough(through).pipeTo(transformer.writable).catch(nothing);
  } else if (mode === "bare") {
    void bare(transformer, send !== null);
  } else if (send !== null) {
    void pump(transformer.readable, new SenderStream(stream, send, keyring, transformer.writable, nothing));
  } else {
    const ask = () => void transformer.sendKeyFrameRequest().catch(nothing);
    const receiver = new ReceiverStream(stream, { kind }, keyring, systemClock, transformer.writable, ask);
    receivers.set(stream, receiver);
    void pump(transformer.readable, receiver);
  }
});
