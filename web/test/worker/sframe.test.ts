import { describe, expect, it } from "vitest";
import { ascii, type Bytes, concat } from "../../src/worker/bytes";
import { decodeHeader, encodeHeader, openFrame, parameters, sealFrame } from "../../src/worker/sframe";
import vectors from "../vectors/sframe.json";
import { bytesOf, hexOf, Seeded } from "./support";

const vector = vectors.aes256GcmSha512;

async function hmac512(key: Bytes, data: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-512" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

describe("SFrame header (RFC 9605 §4.3)", () => {
  it("encodes all 289 official pairs as published", async () => {
    const values = vectors.header.values.map(BigInt);
    const lines = values.flatMap((kid) => values.map((counter) => `${hexOf(encodeHeader(kid, counter))}\n`));
    expect(lines).toHaveLength(289);
    expect(hexOf(await crypto.subtle.digest("SHA-256", ascii(lines.join(""))))).toBe(vectors.header.sha256);
  });

  it("decodes what it encodes, and refuses every truncation", () => {
    const values = [...vectors.header.values.map(BigInt), 7n, 8n];
    for (const kid of values) {
      for (const counter of values) {
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
    const header = encodeHeader(BigInt(vector.kid), BigInt(vector.counter));
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
  const kid = 0x12345n;
  const importKey = (usage: KeyUsage) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]);

  async function open(wire: Bytes, clear: number): Promise<string> {
    const header = decodeHeader(wire, clear);
    if (header === undefined) throw new RangeError("no header");
    return hexOf(await openFrame(await importKey("decrypt"), salt, header, wire, clear));
  }

  it("opens to the same bytes, at any size and prefix", async () => {
    const key = await importKey("encrypt");
    for (const clear of [0, 1, 10]) {
      for (const size of [10, 11, 100, 50_000]) {
        const frame = random.bytes(size);
        const wire = new Uint8Array(await sealFrame(key, salt, kid, 2 ** 40 + size, frame, clear));
        expect(hexOf(wire.subarray(0, clear))).toBe(hexOf(frame.subarray(0, clear)));
        expect(await open(wire, clear)).toBe(hexOf(frame));
      }
    }
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
    for (const leaf of [0n, 1n, 255n]) {
      for (let track = 0n; track < 4n; track++) {
        for (const counter of [0n, 7n, 8n, 255n, 65_535n, 2n ** 24n - 1n]) {
          most = Math.max(most, encodeHeader((leaf << 8n) | (track << 6n) | 63n, counter).length + 16);
        }
      }
    }
    expect(most).toBe(22);
  });
});
