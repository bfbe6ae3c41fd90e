import { describe, expect, it } from "vitest";
import { type Bytes, concat } from "../../src/worker/bytes";
import { generateReceiverKeys, ReceiverContext, type ReceiverKeys } from "../../src/worker/hpke";
import vector from "../vectors/hpke.json";
import { bytesOf, HpkeSender, hexOf, Seeded } from "./support";

const PKCS8_X25519 = bytesOf("302e020100300506032b656e04220420");

async function vectorKeys(): Promise<ReceiverKeys> {
  const encoded = concat(PKCS8_X25519, bytesOf(vector.skRm));
  const privateKey = await crypto.subtle.importKey("pkcs8", encoded, { name: "X25519" }, false, ["deriveBits"]);
  return { privateKey, publicKey: bytesOf(vector.pkRm) };
}

function vectorContext(): Promise<ReceiverContext> {
  return vectorKeys().then((keys) => ReceiverContext.setup(keys, bytesOf(vector.enc), bytesOf(vector.info)));
}

describe("HPKE receiver (RFC 9180)", () => {
  it("opens the official vectors of its suite in sequence", async () => {
    const context = await vectorContext();
    expect(hexOf(context.baseNonce)).toBe(vector.baseNonce);
    // The receiver takes messages without gaps; the file leaves some out after the first three.
    const consecutive = vector.encryptions.filter(({ sequence }, index) => sequence === index);
    expect(consecutive.length).toBeGreaterThanOrEqual(3);
    for (const { aad, ciphertext, plaintext } of consecutive) {
      expect(hexOf(await context.open(bytesOf(aad), bytesOf(ciphertext)))).toBe(plaintext);
    }
  });

  it("opens a long run of messages from an independent sender", async () => {
    const keys = await generateReceiverKeys();
    const info = new Seeded(3).bytes(72);
    const sender = await HpkeSender.setup(keys.publicKey, info);
    const receiver = await ReceiverContext.setup(keys, sender.enc, info);
    for (let i = 0; i < 300; i++) {
      const text = Uint8Array.of(i & 0xff, i >> 8);
      expect(await receiver.open(text, await sender.seal(text, text))).toEqual(text);
    }
  });

  it("makes a private key that can't be exported", async () => {
    const { privateKey } = await generateReceiverKeys();
    expect(privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey("pkcs8", privateKey)).rejects.toThrow();
  });

  it.each([
    ["another order", 1, (ciphertext: Bytes) => ciphertext],
    ["a flipped bit", 0, (ciphertext: Bytes) => ciphertext.map((byte, i) => (i === 3 ? byte ^ 1 : byte))],
    ["a truncated message", 0, (ciphertext: Bytes) => ciphertext.slice(0, -1)],
    ["an empty message", 0, () => new Uint8Array(0)],
  ])("refuses %s", async (_, index, change) => {
    const context = await vectorContext();
    const encryption = vector.encryptions[index];
    if (encryption === undefined) throw new RangeError("no such vector");
    await expect(context.open(bytesOf(encryption.aad), change(bytesOf(encryption.ciphertext)))).rejects.toThrow();
  });

  it("refuses a replay of what it has opened", async () => {
    const context = await vectorContext();
    const [first] = vector.encryptions;
    if (first === undefined) throw new RangeError("no vector");
    await context.open(bytesOf(first.aad), bytesOf(first.ciphertext));
    await expect(context.open(bytesOf(first.aad), bytesOf(first.ciphertext))).rejects.toThrow();
  });

  it("refuses encapsulated keys of small order and of wrong length", async () => {
    const keys = await generateReceiverKeys();
    for (const enc of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), new Uint8Array(31)]) {
      await expect(ReceiverContext.setup(keys, enc, new Uint8Array(0))).rejects.toThrow();
    }
  });

  it("opens nothing when the info differs", async () => {
    const context = await ReceiverContext.setup(await vectorKeys(), bytesOf(vector.enc), new Uint8Array(0));
    const [first] = vector.encryptions;
    if (first === undefined) throw new RangeError("no vector");
    await expect(context.open(bytesOf(first.aad), bytesOf(first.ciphertext))).rejects.toThrow();
  });
});
