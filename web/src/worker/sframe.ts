/**
 * SFrame (RFC 9605), suite AES_256_GCM_SHA512_128 (0x0005): header codec, and sealing and opening of one frame with key
 * and salt of RFC 9605 §4.4.2. The backend derives those; no key schedule lives here.
 *
 * On the wire (docs/protocol.md §7): clear prefix ‖ header ‖ ciphertext ‖ tag(16).
 */
import type { Bytes } from "./bytes";

export const TAG_BYTES = 16;
export const SALT_BYTES = 12;
export const KEY_BYTES = 32;

/** Key id, counter and the header's own length in bytes. */
export interface Header {
  readonly kid: bigint;
  readonly counter: bigint;
  readonly length: number;
}

/** RFC 9605 §4.3: X(1) K(3) Y(1) C(3), then the KID and the counter where they do not fit in three bits. */
export function encodeHeader(kid: bigint, counter: bigint): Bytes {
  const kidBytes = kid < 8n ? 0 : octets(kid);
  const counterBytes = counter < 8n ? 0 : octets(counter);
  const out = new Uint8Array(1 + kidBytes + counterBytes);
  out[0] =
    (kidBytes === 0 ? Number(kid) << 4 : 0x80 | ((kidBytes - 1) << 4)) |
    (counterBytes === 0 ? Number(counter) : 0x08 | (counterBytes - 1));
  writeUint(out, 1, kidBytes, kid);
  writeUint(out, 1 + kidBytes, counterBytes, counter);
  return out;
}

/** The header that starts at `at`, or undefined if the bytes end before it does. */
export function decodeHeader(bytes: Bytes, at: number): Header | undefined {
  const config = bytes[at];
  if (config === undefined) return undefined;
  const kidBytes = config & 0x80 ? ((config >> 4) & 7) + 1 : 0;
  const counterBytes = config & 0x08 ? (config & 7) + 1 : 0;
  const length = 1 + kidBytes + counterBytes;
  if (at + length > bytes.length) return undefined;
  return {
    kid: kidBytes === 0 ? BigInt((config >> 4) & 7) : readUint(bytes, at + 1, kidBytes),
    counter: counterBytes === 0 ? BigInt(config & 7) : readUint(bytes, at + 1 + kidBytes, counterBytes),
    length,
  };
}

/**
 * Encrypts all of `frame` but its first `clear` bytes.
 *
 * @param counter never used before with this key; below 2^53
 * @returns the frame for the wire
 */
export async function sealFrame(
  key: CryptoKey,
  salt: Bytes,
  kid: bigint,
  counter: number,
  frame: Bytes,
  clear: number,
): Promise<ArrayBuffer> {
  const header = encodeHeader(kid, BigInt(counter));
  const algorithm = parameters(salt, counter, additionalData(header, frame, clear));
  const ciphertext = await crypto.subtle.encrypt(algorithm, key, clear === 0 ? frame : frame.subarray(clear));
  const wire = new Uint8Array(clear + header.length + ciphertext.byteLength);
  if (clear > 0) wire.set(frame.subarray(0, clear));
  wire.set(header, clear);
  wire.set(new Uint8Array(ciphertext), clear + header.length);
  free(ciphertext);
  return wire.buffer;
}

/**
 * Decrypts a frame from the wire. Rejects (OperationError) if any bit of it, or the length of its prefix, is not what
 * the sender sealed.
 *
 * @param header what {@link decodeHeader} read at `clear`; its counter below 2^53
 * @returns the frame as the encoder made it
 */
export async function openFrame(
  key: CryptoKey,
  salt: Bytes,
  header: Header,
  wire: Bytes,
  clear: number,
): Promise<ArrayBuffer> {
  const body = clear + header.length;
  const algorithm = parameters(salt, Number(header.counter), additionalData(wire.subarray(clear, body), wire, clear));
  const plaintext = await crypto.subtle.decrypt(algorithm, key, wire.subarray(body));
  if (clear === 0) return plaintext;
  const frame = new Uint8Array(clear + plaintext.byteLength);
  frame.set(wire.subarray(0, clear));
  frame.set(new Uint8Array(plaintext), clear);
  free(plaintext);
  return frame.buffer;
}

/**
 * Gives a large buffer's memory back at once, not at some later garbage collection: to touch fresh pages for every video
 * frame costs more than to encrypt into them. Small ones are not worth the call.
 */
function free(buffer: ArrayBuffer & { transfer?: (length: number) => ArrayBuffer }): void {
  if (buffer.byteLength >= 4096) buffer.transfer?.(0);
}

/** AES-GCM parameters; the nonce is the salt XOR the counter, big-endian (RFC 9605 §4.4.3). */
export function parameters(salt: Bytes, counter: number, additional: Bytes): AesGcmParams {
  const iv = new Uint8Array(salt);
  let word = counter % 0x1_0000_0000;
  for (let i = iv.length - 1; i >= iv.length - 8; i--) {
    if (i === iv.length - 5) word = Math.floor(counter / 0x1_0000_0000);
    iv[i] = (iv[i] ?? 0) ^ (word & 0xff);
    word >>>= 8;
  }
  return { name: "AES-GCM", iv, additionalData: additional, tagLength: 8 * TAG_BYTES };
}

/** Header ‖ u8 length of the prefix ‖ prefix. */
function additionalData(header: Bytes, frame: Bytes, clear: number): Bytes {
  const out = new Uint8Array(header.length + 1 + clear);
  out.set(header);
  out[header.length] = clear;
  if (clear > 0) out.set(frame.subarray(0, clear), header.length + 1);
  return out;
}

function octets(value: bigint): number {
  // Almost always one comparison or two, on numbers: this runs for every frame.
  const high = Number(value >> 32n);
  const word = high === 0 ? Number(value) : high;
  return (high === 0 ? 0 : 4) + (word < 0x100 ? 1 : word < 0x1_0000 ? 2 : word < 0x100_0000 ? 3 : 4);
}

function writeUint(out: Bytes, at: number, count: number, value: bigint): void {
  let low = Number(value & 0xffff_ffffn);
  let high = count > 4 ? Number(value >> 32n) : 0;
  for (let i = at + count - 1; i >= at; i--) {
    out[i] = low & 0xff;
    low = (low >>> 8) | ((high & 0xff) << 24);
    high >>>= 8;
  }
}

function readUint(bytes: Bytes, at: number, count: number): bigint {
  let high = 0;
  let low = 0;
  for (let i = at; i < at + count; i++) {
    high = ((high << 8) | (low >>> 24)) >>> 0;
    low = ((low << 8) | (bytes[i] ?? 0)) >>> 0;
  }
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
}
