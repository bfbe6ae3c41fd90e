/// <reference lib="es2024.arraybuffer" />
/**
 * SFrame (RFC 9605), suite AES_256_GCM_SHA512_128 (0x0005): header codec, and sealing and opening of one frame with key
 * and salt of RFC 9605 §4.4.2. The backend derives those; no key schedule lives here.
 *
 * On the wire (docs/protocol.md §7): clear prefix ‖ header ‖ ciphertext ‖ tag(16). The prefix is a copy: the ciphertext
 * is of the whole frame, so that what opens is the frame itself, and nothing is put together.
 *
 * KIDs and counters are numbers below 2^53: this protocol's KIDs end below 2^40, its counters at 2^32.
 */
import type { Bytes } from "./bytes";
import { giveBack } from "./give-back";

export const TAG_BYTES = 16;
export const SALT_BYTES = 12;
export const KEY_BYTES = 32;
const MAX_HEADER_BYTES = 17;
const MAX_CLEAR_BYTES = 10;
/** Ciphertexts from this length on are worth giving back to the browser. With 10 kB it costs more than it saves. */
const LARGE = 32 * 1024;

/** Key id, counter and the header's own length in bytes. */
export interface Header {
  readonly kid: number;
  readonly counter: number;
  readonly length: number;
}

/*
 * Nonce and additional data of the call that is being made. WebCrypto copies both before `encrypt` and `decrypt` return
 * (Web Cryptography API §18.4.4), so the next frame may overwrite them while this one is still being worked on. They are
 * views of buffers, as Chromium would move a small array out of the script's heap at each call, for more than AES costs.
 */
const NONCE = new Uint8Array(new ArrayBuffer(SALT_BYTES));
const SCRATCH = new Uint8Array(new ArrayBuffer(MAX_HEADER_BYTES + 1 + MAX_CLEAR_BYTES));
/** The scratch's first n bytes, for each n. */
const SCRATCH_OF_LENGTH = Array.from({ length: SCRATCH.length + 1 }, (_, n) => SCRATCH.subarray(0, n));

/**
 * Writes a header, RFC 9605 §4.3: X(1) K(3) Y(1) C(3), then the KID and the counter where they do not fit in three bits.
 *
 * @returns its length, 1 to 17
 */
export function writeHeader(out: Bytes, at: number, kid: number, counter: number): number {
  const kidBytes = octets(kid);
  const counterBytes = octets(counter);
  out[at] =
    (kidBytes === 0 ? kid << 4 : 0x80 | ((kidBytes - 1) << 4)) |
    (counterBytes === 0 ? counter : 0x08 | (counterBytes - 1));
  writeUint(out, at + 1, kidBytes, kid);
  writeUint(out, at + 1 + kidBytes, counterBytes, counter);
  return 1 + kidBytes + counterBytes;
}

/** The header that starts at `at`; undefined if the bytes end before it does, or a value is not below 2^53. */
export function decodeHeader(bytes: Bytes, at: number): Header | undefined {
  const config = bytes[at];
  if (config === undefined) return undefined;
  const kidBytes = config & 0x80 ? ((config >> 4) & 7) + 1 : 0;
  const counterBytes = config & 0x08 ? (config & 7) + 1 : 0;
  const length = 1 + kidBytes + counterBytes;
  if (at + length > bytes.length) return undefined;
  const kid = kidBytes === 0 ? (config >> 4) & 7 : readUint(bytes, at + 1, kidBytes);
  const counter = counterBytes === 0 ? config & 7 : readUint(bytes, at + 1 + kidBytes, counterBytes);
  return Number.isSafeInteger(kid) && Number.isSafeInteger(counter) ? { kid, counter, length } : undefined;
}

/**
 * Encrypts `frame`.
 *
 * @param counter never used before with this key
 * @param clear so many of the frame's first bytes are also sent in the clear, and authenticated; 10 at most
 * @returns ciphertext ‖ tag, for {@link endSeal}
 */
export function beginSeal(
  key: CryptoKey,
  salt: Bytes,
  kid: number,
  counter: number,
  frame: Bytes,
  clear: number,
): Promise<ArrayBuffer> {
  const header = writeHeader(SCRATCH, 0, kid, counter);
  const algorithm = parameters(salt, counter, additionalData(header, frame, clear));
  return crypto.subtle.encrypt(algorithm, key, frame);
}

/** The frame for the wire. Uses the ciphertext up; the rest is as it was for {@link beginSeal}. */
export function endSeal(
  ciphertext: ArrayBuffer,
  kid: number,
  counter: number,
  frame: Bytes,
  clear: number,
): ArrayBuffer {
  const header = writeHeader(SCRATCH, 0, kid, counter);
  const wire = ciphertext.byteLength < LARGE ? shifted(ciphertext, clear + header) : moved(ciphertext, clear + header);
  copy(frame, 0, wire, 0, clear);
  copy(SCRATCH, 0, wire, clear, header);
  return wire.buffer;
}

/**
 * Decrypts a frame from the wire. Rejects (OperationError) if any bit of it, or the length of its prefix, is not what
 * the sender sealed.
 *
 * @param header what {@link decodeHeader} read at `clear`
 * @returns the frame as the encoder made it; {@link beginsLike} tells whether its sender was honest about the prefix
 */
export function beginOpen(
  key: CryptoKey,
  salt: Bytes,
  header: Header,
  wire: Bytes,
  clear: number,
): Promise<ArrayBuffer> {
  copy(wire, clear, SCRATCH, 0, header.length);
  const algorithm = parameters(salt, header.counter, additionalData(header.length, wire, clear));
  return crypto.subtle.decrypt(algorithm, key, wire.subarray(clear + header.length));
}

/** Whether an opened frame begins with the bytes that came in the clear. */
export function beginsLike(frame: ArrayBuffer, wire: Bytes, clear: number): boolean {
  if (frame.byteLength < clear) return false;
  const start = new Uint8Array(frame, 0, clear);
  for (let i = 0; i < clear; i++) if (start[i] !== wire[i]) return false;
  return true;
}

/**
 * AES-GCM parameters; the nonce is the salt XOR the counter, big-endian (RFC 9605 §4.4.3).
 *
 * @returns good for one WebCrypto call, made at once: the nonce is overwritten by the next one
 */
export function parameters(salt: Bytes, counter: number, additional: Bytes): AesGcmParams {
  NONCE.set(salt);
  let rest = counter;
  for (let i = SALT_BYTES - 1; rest > 0; i--) {
    NONCE[i] = (NONCE[i] ?? 0) ^ (rest & 0xff);
    rest = Math.floor(rest / 0x100);
  }
  return { name: "AES-GCM", iv: NONCE, additionalData: additional, tagLength: 8 * TAG_BYTES };
}

/** Header ‖ u8 length of the prefix ‖ prefix, in the scratch, where the header is already. */
function additionalData(headerLength: number, frame: Bytes, clear: number): Bytes {
  SCRATCH[headerLength] = clear;
  copy(frame, 0, SCRATCH, headerLength + 1, clear);
  const view = SCRATCH_OF_LENGTH[headerLength + 1 + clear];
  if (view === undefined) throw new RangeError("the clear prefix is too long");
  return view;
}

/** The buffer's bytes with room for `by` more in front. The buffer is empty then. */
function shifted(buffer: ArrayBuffer, by: number): Bytes {
  const { byteLength } = buffer;
  const bytes = new Uint8Array(buffer.transfer(by + byteLength));
  bytes.copyWithin(by, 0, byteLength);
  return bytes;
}

/** Where large frames are put together: the next one is written into pages that are at hand. */
let assembly: Bytes = new Uint8Array(new ArrayBuffer(0));

/** The same for a large buffer, whose memory is free before as much is asked for again, so that it is the same memory. */
function moved(buffer: ArrayBuffer, by: number): Bytes {
  const length = by + buffer.byteLength;
  if (assembly.length < length) assembly = new Uint8Array(new ArrayBuffer(2 * length));
  assembly.set(new Uint8Array(buffer), by);
  giveBack(buffer);
  // A copy of a view is not filled with zeros first, as a slice of a buffer is.
  return new Uint8Array(assembly.subarray(0, length));
}

/** A few bytes: a loop is faster than a view and `set`. */
function copy(from: Bytes, fromAt: number, to: Bytes, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i] ?? 0;
}

/** Bytes that a value takes besides the header's first one. */
function octets(value: number): number {
  if (value < 8) return 0;
  let count = 1;
  for (let limit = 0x100; value >= limit; limit *= 0x100) count++;
  return count;
}

function writeUint(out: Bytes, at: number, count: number, value: number): void {
  let rest = value;
  for (let i = at + count - 1; i >= at; i--) {
    out[i] = rest & 0xff;
    rest = Math.floor(rest / 0x100);
  }
}

/** Exact below 2^53; for more, some number that is not below it. */
function readUint(bytes: Bytes, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 0x100 + (bytes[i] ?? 0);
  return value;
}
