import { ascii, type Bytes, concat, fromBase64Url } from "../../src/worker/bytes";
import type { Clock } from "../../src/worker/clock";
import type { FrameKey } from "../../src/worker/commands";
import { TRACK_VALUES, type Track } from "../../src/worker/messages";
import type { StreamStats } from "../../src/worker/page-messages";
import type { EncodedFrame } from "../../src/worker/stream";

// What Chromium has, and Node before 22 has not.
ArrayBuffer.prototype.transfer ??= function transfer(this: ArrayBuffer, length = this.byteLength): ArrayBuffer {
  const out = new ArrayBuffer(length);
  new Uint8Array(out).set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
  structuredClone(this, { transfer: [this] });
  return out;
};

export function bytesOf(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function hexOf(bytes: ArrayBuffer | Bytes): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets timers fire in their order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}

/** Repeatable numbers (mulberry32): a failing run can be run again with its seed. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 … below - 1 */
  next(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.next(256));
  }
}

export interface KeyOptions {
  keyId: number;
  track: Track;
  epoch?: number;
  leaf?: number;
  participant?: string;
  raw?: Bytes;
  salt?: Bytes;
}

export const ALICE = "AAAAAAAAAAAAAAAAAAAAAA";
export const BOB = "AAAAAAAAAAAAAAAAAAAAAQ";

export function kidOf(leaf: number, track: Track, epoch: number): number {
  return leaf * 256 + TRACK_VALUES.indexOf(track) * 64 + (epoch % 64);
}

/** A frame key as {@link readCommands} would give it. */
export async function frameKey(usage: "encrypt" | "decrypt", options: KeyOptions): Promise<FrameKey> {
  const { keyId, track, epoch = 1, leaf = 0, participant = ALICE } = options;
  const raw = options.raw ?? new Uint8Array(32).fill(7);
  const salt = options.salt ?? new Uint8Array(12).fill(9);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);
  return { keyId, kid: kidOf(leaf, track, epoch), track, participant, key, salt };
}

/** One command of docs/protocol.md §9 in bytes. */
export function commandBytes(
  kind: "install-send" | "install-receive",
  options: KeyOptions & { switchAfterMs?: number },
): Bytes {
  const { keyId, track, epoch = 1, leaf = 0, participant = ALICE } = options;
  const head = new DataView(new ArrayBuffer(22));
  head.setUint8(0, kind === "install-send" ? 1 : 2);
  head.setUint32(1, keyId);
  head.setBigUint64(5, BigInt(kidOf(leaf, track, epoch)));
  head.setUint8(13, TRACK_VALUES.indexOf(track));
  head.setBigUint64(14, BigInt(epoch));
  const parts = [
    new Uint8Array(head.buffer),
    fromBase64Url("participant", participant),
    options.raw ?? new Uint8Array(32).fill(7),
    options.salt ?? new Uint8Array(12).fill(9),
  ];
  if (kind === "install-send") {
    const after = options.switchAfterMs ?? 0;
    parts.push(Uint8Array.of(after >> 8, after & 0xff));
  }
  return concat(...parts);
}

export function forgetBytes(keyId: number): Bytes {
  return Uint8Array.of(3, keyId >>> 24, (keyId >>> 16) & 0xff, (keyId >>> 8) & 0xff, keyId & 0xff);
}

export const FORGET_ALL = Uint8Array.of(4);

/** A sealed message's plaintext. */
export function commandsBytes(...commands: Bytes[]): Bytes {
  return concat(Uint8Array.of(commands.length >> 8, commands.length & 0xff), ...commands);
}

/** An encoded frame that remembers what was done to it. */
export class FakeFrame implements EncodedFrame {
  data: ArrayBuffer;

  constructor(
    bytes: Bytes,
    readonly mimeType?: string,
  ) {
    this.data = bytes.slice().buffer;
  }

  getMetadata(): { mimeType?: string } {
    return this.mimeType === undefined ? {} : { mimeType: this.mimeType };
  }
}

/** Where frames end up, as bytes in hex. */
export class Collector {
  readonly frames: string[] = [];
  readonly writable = new WritableStream<EncodedFrame>({
    write: (frame) => {
      this.frames.push(hexOf(frame.data));
    },
  });
}

/** Ends when every frame that entered one of the streams has passed, was dropped, or is held. */
export async function settled(...streams: { stats(): StreamStats }[]): Promise<void> {
  const busy = ({ seen, passed, held, dropped }: StreamStats) =>
    seen !== passed + held + Object.values(dropped).reduce((sum, count) => sum + count, 0);
  do await new Promise((resolve) => setTimeout(resolve, 0));
  while (streams.some((stream) => busy(stream.stats())));
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** A VP8-like frame: key frames have bit 0 of the first byte clear. */
export function videoFrame(random: Seeded, key: boolean, length = 40): Bytes {
  const bytes = random.bytes(length);
  bytes[0] = ((bytes[0] ?? 0) & 0xfe) | (key ? 0 : 1);
  return bytes;
}

/** The sending side of HPKE (RFC 9180 base mode, the suite of hpke.ts), written apart from it. */
export class HpkeSender {
  #sequence = 0;

  private constructor(
    readonly enc: Bytes,
    readonly key: CryptoKey,
    readonly baseNonce: Bytes,
  ) {}

  static async setup(receiver: Bytes, info: Bytes): Promise<HpkeSender> {
    const ephemeral = (await crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"])) as CryptoKeyPair;
    const enc = new Uint8Array(await crypto.subtle.exportKey("raw", ephemeral.publicKey));
    const theirs = await crypto.subtle.importKey("raw", receiver, { name: "X25519" }, false, []);
    const dh = await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, ephemeral.privateKey, 256);
    const kem = concat(ascii("KEM"), Uint8Array.of(0, 32));
    const suite = concat(ascii("HPKE"), Uint8Array.of(0, 32, 0, 1, 0, 2));
    const label = (id: Bytes, text: string, rest: Bytes) => concat(ascii("HPKE-v1"), id, ascii(text), rest);
    const none = new Uint8Array(0);
    const prk = await mac(new Uint8Array(32), label(kem, "eae_prk", new Uint8Array(dh)));
    const expandInfo = (id: Bytes, text: string, rest: Bytes, length: number) =>
      concat(Uint8Array.of(0, length), label(id, text, rest), Uint8Array.of(1));
    const shared = await mac(prk, expandInfo(kem, "shared_secret", concat(enc, receiver), 32));
    const context = concat(
      Uint8Array.of(0),
      await mac(new Uint8Array(32), label(suite, "psk_id_hash", none)),
      await mac(new Uint8Array(32), label(suite, "info_hash", info)),
    );
    const secret = await mac(shared, label(suite, "secret", none));
    const raw = await mac(secret, expandInfo(suite, "key", context, 32));
    const nonce = (await mac(secret, expandInfo(suite, "base_nonce", context, 12))).slice(0, 12);
    return new HpkeSender(enc, await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]), nonce);
  }

  async seal(aad: Bytes, plaintext: Bytes): Promise<Bytes> {
    const iv = this.baseNonce.slice();
    const view = new DataView(iv.buffer);
    view.setUint32(8, view.getUint32(8) ^ this.#sequence++);
    const algorithm = { name: "AES-GCM", iv, additionalData: aad, tagLength: 128 };
    return new Uint8Array(await crypto.subtle.encrypt(algorithm, this.key, plaintext));
  }
}

async function mac(key: Bytes, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}
