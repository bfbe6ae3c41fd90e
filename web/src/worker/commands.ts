/** What a sealed message of the backend holds (docs/protocol.md §9). */
import { type Bytes, toBase64Url } from "./bytes";
import { TRACK_VALUES, type Track } from "./messages";
import { KEY_BYTES, SALT_BYTES } from "./sframe";

/** Plaintext bytes of one sealed message at most. */
export const MAX_COMMANDS_BYTES = 64 * 1024;

/** What send and receive keys have in common. */
export interface FrameKey {
  readonly keyId: number;
  /** Below 2^40. */
  readonly kid: number;
  readonly track: Track;
  /** Participant id in base64url; for a send key the own one. */
  readonly participant: string;
  /** Not extractable; encrypts if it is a send key, else decrypts. */
  readonly key: CryptoKey;
  readonly salt: Bytes;
}

export type Command<Key = FrameKey> =
  | { readonly kind: "install-send"; readonly key: Key; readonly switchAfterMs: number }
  | { readonly kind: "install-receive"; readonly key: Key }
  | { readonly kind: "forget"; readonly keyId: number }
  | { readonly kind: "forget-all" };

/** The plaintext is not what protocol.md §9 lays out. Never tells values. */
export class MalformedCommands extends Error {
  override readonly name = "MalformedCommands";
}

/**
 * Reads all commands and imports their keys. The plaintext is zeroed whatever happens; nothing of a message counts
 * unless all of it is well-formed.
 */
export async function readCommands(plaintext: Bytes): Promise<Command[]> {
  try {
    if (plaintext.length > MAX_COMMANDS_BYTES) throw new MalformedCommands("too long");
    const reader = new Reader(plaintext);
    const raw = Array.from({ length: reader.uint(2) }, () => readCommand(reader));
    reader.end();
    return await Promise.all(raw.map(imported));
  } finally {
    plaintext.fill(0);
  }
}

/** A key as it stands in the plaintext: `raw` is a view into it. */
interface RawKey extends Omit<FrameKey, "key"> {
  readonly raw: Bytes;
}

function readCommand(reader: Reader): Command<RawKey> {
  switch (reader.uint(1)) {
    case 1:
      return { kind: "install-send", key: readKey(reader), switchAfterMs: reader.uint(2) };
    case 2:
      return { kind: "install-receive", key: readKey(reader) };
    case 3:
      return { kind: "forget", keyId: reader.uint(4) };
    case 4:
      return { kind: "forget-all" };
    default:
      throw new MalformedCommands("unknown command");
  }
}

function readKey(reader: Reader): RawKey {
  const keyId = reader.uint(4);
  const kid = reader.uint(4) * 0x1_0000_0000 + reader.uint(4);
  const trackBits = reader.uint(1);
  const epoch = reader.bytes(8);
  const participant = toBase64Url(reader.bytes(16));
  const raw = reader.bytes(KEY_BYTES);
  const salt = reader.bytes(SALT_BYTES).slice();
  const track = TRACK_VALUES[trackBits];
  // protocol.md §6: leaf << 8 | track << 6 | epoch mod 64
  const tail = (trackBits << 6) | ((epoch[7] ?? 0) & 0x3f);
  if (track === undefined || (kid & 0xff) !== tail || kid >= 2 ** 40) {
    throw new MalformedCommands("KID, track and epoch do not fit together");
  }
  return { keyId, kid, track, participant, raw, salt };
}

async function imported(command: Command<RawKey>): Promise<Command> {
  switch (command.kind) {
    case "install-send":
      return { ...command, key: await importKey(command.key, "encrypt") };
    case "install-receive":
      return { ...command, key: await importKey(command.key, "decrypt") };
    default:
      return command;
  }
}

async function importKey({ raw, ...fields }: RawKey, usage: KeyUsage): Promise<FrameKey> {
  return { ...fields, key: await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [usage]) };
}

class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(readonly source: Bytes) {
    this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  uint(size: 1 | 2 | 4): number {
    const at = this.#take(size);
    return size === 1 ? this.#view.getUint8(at) : size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  bytes(length: number): Bytes {
    const at = this.#take(length);
    return this.source.subarray(at, at + length);
  }

  end(): void {
    if (this.#at !== this.source.length) throw new MalformedCommands("trailing bytes");
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.source.length) throw new MalformedCommands("truncated");
    this.#at += length;
    return at;
  }
}
