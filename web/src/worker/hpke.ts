/**
 * The receiving side of HPKE (RFC 9180), mode base, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, on WebCrypto.
 * The private key can't be exported; secrets that have to pass through as bytes are zeroed after use.
 */
import { ascii, type Bytes, concat } from "./bytes";

const MODE_BASE = Uint8Array.of(0);
const KEM_SUITE = concat(ascii("KEM"), Uint8Array.of(0x00, 0x20));
const HPKE_SUITE = concat(ascii("HPKE"), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02));
const VERSION = ascii("HPKE-v1");
const EMPTY = new Uint8Array(0);
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const PUBLIC_KEY_BYTES = 32;

/** A key pair for one channel. */
export interface ReceiverKeys {
  readonly privateKey: CryptoKey;
  /** 32 bytes. */
  readonly publicKey: Bytes;
}

export async function generateReceiverKeys(): Promise<ReceiverKeys> {
  const pair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
  if (!("privateKey" in pair)) throw new TypeError("X25519 did not give a key pair");
  return {
    privateKey: pair.privateKey,
    publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
  };
}

/** Opens what one sender seals to this context, in the order in which it was sealed. */
export class ReceiverContext {
  #sequence = 0;

  private constructor(
    readonly key: CryptoKey,
    readonly baseNonce: Bytes,
  ) {}

  /**
   * SetupBaseR, RFC 9180 §5.1.1.
   *
   * @param enc encapsulated key, 32 bytes
   */
  static async setup(keys: ReceiverKeys, enc: Bytes, info: Bytes): Promise<ReceiverContext> {
    const sharedSecret = await decapsulate(keys, enc);
    const pskIdHash = await labeledExtract(HPKE_SUITE, EMPTY, "psk_id_hash", EMPTY);
    const infoHash = await labeledExtract(HPKE_SUITE, EMPTY, "info_hash", info);
    const context = concat(MODE_BASE, pskIdHash, infoHash);
    const secret = await labeledExtract(HPKE_SUITE, sharedSecret, "secret", EMPTY);
    const rawKey = await labeledExpand(HPKE_SUITE, secret, "key", context, KEY_BYTES);
    const baseNonce = await labeledExpand(HPKE_SUITE, secret, "base_nonce", context, NONCE_BYTES);
    const key = await crypto.subtle.importKey("raw", rawKey, "AES-GCM", false, ["decrypt"]);
    for (const bytes of [sharedSecret, secret, rawKey]) bytes.fill(0);
    return new ReceiverContext(key, baseNonce);
  }

  /** The next message's plaintext. Rejects if it does not authenticate; the sequence number then stays. */
  async open(aad: Bytes, ciphertext: Bytes): Promise<Bytes> {
    const iv = this.baseNonce.slice();
    const view = new DataView(iv.buffer);
    view.setUint32(8, view.getUint32(8) ^ this.#sequence);
    const plaintext = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: aad, tagLength: 128 },
      this.key,
      ciphertext,
    );
    if (this.#sequence === 0xffff_ffff) throw new RangeError("the channel's sequence numbers are used up");
    this.#sequence++;
    return new Uint8Array(plaintext);
  }
}

/** Decap, RFC 9180 §4.1. */
async function decapsulate(keys: ReceiverKeys, enc: Bytes): Promise<Bytes> {
  if (enc.length !== PUBLIC_KEY_BYTES) throw new RangeError("the encapsulated key is not 32 bytes long");
  const theirs = await crypto.subtle.importKey("raw", enc, { name: "X25519" }, false, []);
  const dh = new Uint8Array(
    await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, keys.privateKey, 8 * PUBLIC_KEY_BYTES),
  );
  // RFC 7748 §6.1: an enc of small order gives zeros; some WebCrypto implementations reject it themselves.
  if (dh.every((byte) => byte === 0)) throw new RangeError("the encapsulated key is of small order");
  const prk = await labeledExtract(KEM_SUITE, EMPTY, "eae_prk", dh);
  const secret = await labeledExpand(KEM_SUITE, prk, "shared_secret", concat(enc, keys.publicKey), KEY_BYTES);
  dh.fill(0);
  prk.fill(0);
  return secret;
}

/** LabeledExtract, RFC 9180 §4. */
async function labeledExtract(suite: Bytes, salt: Bytes, label: string, ikm: Bytes): Promise<Bytes> {
  const labeled = concat(VERSION, suite, ascii(label), ikm);
  const out = await hmac(salt, labeled);
  labeled.fill(0);
  return out;
}

/** LabeledExpand, RFC 9180 §4, for lengths of one HMAC block (32 bytes) at most. */
async function labeledExpand(suite: Bytes, prk: Bytes, label: string, info: Bytes, length: number): Promise<Bytes> {
  const labeled = concat(Uint8Array.of(0, length), VERSION, suite, ascii(label), info);
  const block = await hmac(prk, concat(labeled, Uint8Array.of(1)));
  const out = block.slice(0, length);
  block.fill(0);
  return out;
}

async function hmac(key: Bytes, data: Bytes): Promise<Bytes> {
  // HMAC pads its key with zeros, so an empty salt is 32 zeros; WebCrypto refuses an empty key.
  const raw = key.length === 0 ? new Uint8Array(32) : key;
  const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}
