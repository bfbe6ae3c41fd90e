/** The page of large-frames.browser.ts: seals and opens frames with Chromium's own WebCrypto and memory. */
import { beginOpen, beginSeal, beginsLike, decodeHeader, endSeal } from "../../src/worker/sframe";

const KID = 0x141;
const CLEAR = 10;

/** @returns how many of the frames opened to what was sealed, and how many ciphertexts were left with memory of their own */
async function roundTrip(sizes: readonly number[]): Promise<{ opened: number; kept: number }> {
  const key = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, ["encrypt", "decrypt"]);
  const salt = new Uint8Array(12);
  const frames = sizes.map((size, i) => new Uint8Array(size).fill(i + 1));
  // All are being encrypted before the first is put together.
  const begun = await Promise.all(frames.map((frame, i) => beginSeal(key, salt, KID, i, frame, CLEAR)));
  const wires = frames.map((frame, i) => {
    const ciphertext = begun[i] ?? new ArrayBuffer(0);
    return new Uint8Array(endSeal(ciphertext, KID, i, frame, CLEAR));
  });
  let opened = 0;
  for (const [i, wire] of wires.entries()) {
    const header = decodeHeader(wire, CLEAR);
    if (header === undefined) continue;
    const frame = await beginOpen(key, salt, header, wire, CLEAR);
    if (frame.byteLength === sizes[i] && new Uint8Array(frame).every((byte) => byte === i + 1)) {
      if (beginsLike(frame, wire, CLEAR)) opened++;
    }
  }
  return { opened, kept: begun.filter(({ byteLength }) => byteLength > 0).length };
}

export type LargeFramesApi = { readonly roundTrip: typeof roundTrip };

Object.assign(globalThis, { api: { roundTrip } satisfies LargeFramesApi });
