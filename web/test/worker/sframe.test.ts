import { describe, expect, it } from "vitest";
import { ascii, type Bytes, concat } from "../../src/worker/bytes";
import {
  beginOpen,
  beginSeal,
  beginsLike,
  decodeHeader,
  endSeal,
  parameters,
  writeHeader,
} from "../../src/worker/sframe";
import vectors from "../vectors/sframe.json";
import { bytesOf, hexOf, Seeded } from "./support";

const vector = vectors.aes256GcmSha512;

async function hmac512(key: Bytes, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

function encodeHeader(kid: number, counter: number): Bytes {
  const out = new Uint8Array(17);
  return out.slice(0, writeHeader(out, 0, kid, counter));
}

async function sealFrame(key: CryptoKey, salt: Bytes, kid: number, counter: number, frame: Bytes, clear: number) {
  return endSeal(await beginSeal(key, salt, kid, counter, frame, clear), kid, counter, frame, clear);
}

/** RFC 9605 §4.3 for all of u64, written apart from the product, which takes values below 2^53. */
function officialHeader(kid: bigint, counter: bigint): string {
  const field = (value: bigint) => {
    const hex = value.toString(16);
    const rest = value < 8n ? "" : hex.padStart(hex.length + (hex.length % 2), "0");
    return { nibble: value < 8n ? Number(value) : 8 | (rest.length / 2 - 1), rest };
  };
  const [first, second] = [field(kid), field(counter)];
  return first.nibble.toString(16) + second.nibble.toString(16) + first.rest + second.rest;
}

describe("SFrame header (RFC 9605 §4.3)", () => {
  const official = vectors.header.values.map(BigInt);
  const values = official.filter((value) => value < 2n ** 53n).map(Number);

  it("is as published for all official pairs below 2^53, and refused above", async () => {
    const pairs = official.flatMap((kid) => official.map((counter) => [kid, counter] as const));
    const lines = pairs.map(([kid, counter]) => officialHeader(kid, counter));
    expect(lines).toHaveLength(289);
    expect(hexOf(await crypto.subtle.digest("SHA-256", ascii(`${lines.join("\n")}\n`)))).toBe(vectors.header.sha256);
    let below = 0;
    for (const [index, [kid, counter]] of pairs.entries()) {
      const line = lines[index] ?? "";
      if (kid < 2n ** 53n && counter < 2n ** 53n) {
        expect(hexOf(encodeHeader(Number(kid), Number(counter)))).toBe(line);
        below++;
      } else {
        expect(decodeHeader(bytesOf(line), 0)).toBeUndefined();
      }
    }
    expect(below).toBe(values.length ** 2);
    expect(values.length).toBeGreaterThanOrEqual(14);
  });

  it("decodes what it encodes up to 2^53 - 1, and refuses 2^53 and every truncation", () => {
    expect(decodeHeader(bytesOf(officialHeader(5n, 2n ** 53n)), 0)).toBeUndefined();
    expect(decodeHeader(bytesOf(officialHeader(2n ** 53n, 5n)), 0)).toBeUndefined();
    const tried = [...values, 7, 8, Number.MAX_SAFE_INTEGER];
    for (const kid of tried) {
      for (const counter of tried) {
        const encoded = encodeHeader(kid, counter);
        expect(decodeHeader(concat(ascii("xyz"), encoded), 3)).toEqual({ kid, counter, length: encoded.length });
        for (let cut = 0; cut < encoded.length; cut++) {
          expect(decodeHeader(encoded.slice(0, cut), 0)).toBeUndefined();
        }
      }
    }
  });
});

describe("AES_256_GCM_SHA512_128 (RFC 9605 appendix C)", () => {
  it("derives the published key and salt from the base key", async () => {
    const suffix = (text: string) => {
      const out = new DataView(new ArrayBuffer(10));
      out.setBigUint64(0, BigInt(vector.kid));
      out.setUint16(8, 5);
      return concat(ascii(text), new Uint8Array(out.buffer), Uint8Array.of(1));
    };
    const secret = await hmac512(new Uint8Array(64), bytesOf(vector.baseKey));
    expect(hexOf(secret)).toBe(vector.secret);
    expect(hexOf((await hmac512(secret, suffix("SFrame 1.0 Secret key "))).slice(0, 32))).toBe(vector.key);
    expect(hexOf((await hmac512(secret, suffix("SFrame 1.0 Secret salt "))).slice(0, 12))).toBe(vector.salt);
  });

  it("gives the published header, nonce and ciphertext", async () => {
    const header = encodeHeader(vector.kid, vector.counter);
    const additional = concat(header, bytesOf(vector.metadata));
    expect(hexOf(additional)).toBe(vector.additional);
    const algorithm = parameters(bytesOf(vector.salt), vector.counter, additional);
    expect(hexOf(algorithm.iv as Bytes)).toBe(vector.nonce);
    const key = await crypto.subtle.importKey("raw", bytesOf(vector.key), "AES-GCM", false, ["encrypt"]);
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, bytesOf(vector.plaintext)));
    expect(hexOf(concat(header, ciphertext))).toBe(vector.wire);
  });
});

describe("a sealed frame", () => {
  const random = new Seeded(1);
  const salt = random.bytes(12);
  const raw = random.bytes(32);
  const kid = 0x12345;
  const importKey = (usage: KeyUsage) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);

  async function open(wire: Bytes, clear: number): Promise<string> {
    const header = decodeHeader(wire, clear);
    if (header === undefined) throw new RangeError("no header");
    const frame = await beginOpen(await importKey("decrypt"), salt, header, wire, clear);
    expect(beginsLike(frame, wire, clear)).toBe(true);
    return hexOf(frame);
  }

  it("opens to the same bytes, at any size and prefix", async () => {
    const key = await importKey("encrypt");
    for (const clear of [0, 1, 10]) {
      for (const size of [10, 11, 100, 32_751, 32_752, 50_000, 200_000]) {
        const frame = random.bytes(size);
        const wire = new Uint8Array(await sealFrame(key, salt, kid, 2 ** 40 + size, frame, clear));
        expect(hexOf(wire.subarray(0, clear))).toBe(hexOf(frame.subarray(0, clear)));
        expect(await open(wire, clear)).toBe(hexOf(frame));
      }
    }
  });

  it("has its own nonce and additional data, though many are encrypted at once", async () => {
    const key = await importKey("encrypt");
    const frame = random.bytes(40);
    const counters = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? i : 2 ** 40 + i));
    const begun = counters.map((counter) => beginSeal(key, salt, kid, counter, frame, counter % 3 === 0 ? 10 : 1));
    const independent = counters.map((counter) => {
      const iv = new DataView(salt.slice().buffer);
      iv.setBigUint64(4, iv.getBigUint64(4) ^ BigInt(counter));
      const clear = frame.subarray(0, counter % 3 === 0 ? 10 : 1);
      const header = bytesOf(officialHeader(BigInt(kid), BigInt(counter)));
      const additionalData = concat(header, Uint8Array.of(clear.length), clear);
      return crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, frame);
    });
    expect((await Promise.all(begun)).map(hexOf)).toEqual((await Promise.all(independent)).map(hexOf));
  });

  it("opens no more once any single bit of prefix, header, ciphertext or tag is flipped", async () => {
    const wire = new Uint8Array(await sealFrame(await importKey("encrypt"), salt, kid, 77, random.bytes(30), 10));
    for (let bit = 0; bit < wire.length * 8; bit++) {
      const flipped = wire.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(open(flipped, 10)).rejects.toThrow();
    }
  });

  it("opens no more when truncated, or read with another prefix length", async () => {
    const wire = new Uint8Array(await sealFrame(await importKey("encrypt"), salt, kid, 77, random.bytes(30), 1));
    for (let length = 0; length < wire.length; length++) await expect(open(wire.slice(0, length), 1)).rejects.toThrow();
    for (const clear of [0, 2, 10]) await expect(open(wire, clear)).rejects.toThrow();
  });

  it("adds at most 22 bytes to audio of the first 256 leaves in the first 2^24 frames", () => {
    let most = 0;
    for (const leaf of [0, 1, 255]) {
      for (let track = 0; track < 4; track++) {
        for (const counter of [0, 7, 8, 255, 65_535, 2 ** 24 - 1]) {
          most = Math.max(most, encodeHeader((leaf << 8) | (track << 6) | 63, counter).length + 16);
        }
      }
    }
    expect(most).toBe(22);
  });
});
