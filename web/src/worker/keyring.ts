/** All frame keys of this worker: which one a track is sent with, and which ones a received KID may mean. */
import type { Clock } from "./clock";
import type { Command, FrameKey } from "./commands";
import { TRACK_VALUES, type Track } from "./messages";
import { ReplayWindow } from "./replay";

/** Frames under one send key at most: 2^32, over two years of audio. Then the track falls silent until the next key. */
const COUNTER_LIMIT = 0x1_0000_0000;

/** A receive key goes this long after a newer one for the same participant and track came, if not told before. */
export const RETENTION_MS = 15_000;

/** Receive keys that may share a KID while one group replaces another. */
const CANDIDATES = 2;

/** The backend asked for what must never be; the worker gives up all keys. */
export class KeyRefused extends Error {
  override readonly name = "KeyRefused";
}

/** A key that a track is, or will be, sent with. */
export class SendKey {
  #counter: number;
  #revoked = false;

  /** @param firstCounter above 0 in tests alone */
  constructor(
    readonly fields: FrameKey,
    firstCounter = 0,
  ) {
    this.#counter = firstCounter;
  }

  /** True once the key was forgotten. What is still being encrypted with it must not leave. */
  get revoked(): boolean {
    return this.#revoked;
  }

  /**
   * The only source of counters: each is given out once in the key's life, whichever peer, layer or sender of the track
   * asks. A key enters a worker once ({@link Keyring.apply}) and leaves the backend once, so no pair comes twice.
   *
   * @returns undefined when the key is used up or revoked
   */
  nextCounter(): number | undefined {
    if (this.#revoked || this.#counter >= COUNTER_LIMIT) return undefined;
    return this.#counter++;
  }

  revoke(): void {
    this.#revoked = true;
  }
}

/** A key of another participant's track. */
export class ReceiveKey {
  readonly window = new ReplayWindow();
  /** True once forgotten; what is still being decrypted with it must not be shown. */
  revoked = false;
  /** Set once a newer key of the track is here. */
  stopRetention: (() => void) | undefined;

  constructor(readonly fields: FrameKey) {}
}

/** What the keyring tells: the first two for the backend's key journal, the third to those who hold frames. */
export interface KeyringEvents {
  switched(keyId: number): void;
  /** A key was dropped without the backend's word. */
  forgot(keyId: number): void;
  receiveKeyInstalled(): void;
}

interface TrackKeys {
  current: SendKey | undefined;
  next: { readonly key: SendKey; readonly cancel: () => void } | undefined;
}

export class Keyring {
  readonly #send = new Map<Track, TrackKeys>();
  /** Newest first. */
  readonly #receive = new Map<number, ReceiveKey[]>();
  /** Every key id that ever came; outlives the keys, so that no send key can come back and count from 0 again. */
  readonly #known = new Set<number>();

  constructor(
    readonly clock: Clock,
    readonly events: KeyringEvents,
  ) {}

  /** @throws KeyRefused if a key id comes a second time */
  apply(command: Command): void {
    switch (command.kind) {
      case "install-send":
        this.#admit(command.key.keyId);
        this.#installSend(command.key, command.switchAfterMs);
        break;
      case "install-receive":
        this.#admit(command.key.keyId);
        this.#installReceive(command.key);
        break;
      case "forget":
        this.#forget(command.keyId);
        break;
      case "forget-all":
        this.forgetAll();
        break;
    }
  }

  /** The key to encrypt the track's next frame with, and its counter; undefined if there is none. */
  take(track: Track): { readonly key: SendKey; readonly counter: number } | undefined {
    const keys = this.#send.get(track);
    const key = keys?.current;
    if (keys === undefined || key === undefined) return undefined;
    const counter = key.nextCounter();
    if (counter !== undefined) return { key, counter };
    keys.current = undefined;
    this.events.forgot(key.fields.keyId);
    return undefined;
  }

  /**
   * The keys that a received KID may mean for this participant and track, newest first.
   *
   * @returns `missing` if the KID is unknown, `foreign` if it belongs to somebody or something else
   */
  find(kid: number, participant: string, track: Track): readonly ReceiveKey[] | "missing" | "foreign" {
    if (TRACK_VALUES[(kid >> 6) & 3] !== track) return "foreign";
    const candidates = this.#receive.get(kid);
    if (candidates === undefined) return "missing";
    const matches = ({ fields }: ReceiveKey) => fields.participant === participant && fields.track === track;
    if (candidates.every(matches)) return candidates;
    const matching = candidates.filter(matches);
    return matching.length === 0 ? "foreign" : matching;
  }

  /** At once, without a word to the journal: the backend asked for it or is gone. */
  forgetAll(): void {
    for (const keys of this.#send.values()) {
      keys.current?.revoke();
      keys.current = undefined;
      keys.next?.cancel();
      keys.next?.key.revoke();
    }
    this.#send.clear();
    for (const key of [...this.#receive.values()].flat()) retire(key);
    this.#receive.clear();
  }

  #admit(keyId: number): void {
    if (this.#known.has(keyId)) throw new KeyRefused(`key id ${keyId} came twice`);
    this.#known.add(keyId);
  }

  #installSend(fields: FrameKey, switchAfterMs: number): void {
    const keys = this.#send.get(fields.track) ?? { current: undefined, next: undefined };
    this.#send.set(fields.track, keys);
    if (keys.next !== undefined) {
      // Overtaken by a newer one before it was ever used.
      keys.next.cancel();
      this.events.forgot(keys.next.key.fields.keyId);
      keys.next = undefined;
    }
    const key = new SendKey(fields);
    const switchNow = () => {
      keys.next = undefined;
      keys.current = key;
      this.events.switched(fields.keyId);
    };
    if (switchAfterMs === 0) switchNow();
    else keys.next = { key, cancel: this.clock.after(switchAfterMs, switchNow) };
  }

  #installReceive(fields: FrameKey): void {
    for (const older of [...this.#receive.values()].flat()) {
      const same = older.fields.participant === fields.participant && older.fields.track === fields.track;
      if (same && older.stopRetention === undefined) {
        older.stopRetention = this.clock.after(RETENTION_MS, () => this.#expire(older));
      }
    }
    const candidates = this.#receive.get(fields.kid) ?? [];
    for (const surplus of candidates.slice(CANDIDATES - 1)) this.#expire(surplus);
    this.#receive.set(fields.kid, [new ReceiveKey(fields), ...candidates.slice(0, CANDIDATES - 1)]);
    this.events.receiveKeyInstalled();
  }

  #forget(keyId: number): void {
    for (const keys of this.#send.values()) {
      if (keys.current?.fields.keyId === keyId) {
        keys.current.revoke();
        keys.current = undefined;
      }
      if (keys.next?.key.fields.keyId === keyId) {
        keys.next.cancel();
        keys.next = undefined;
      }
    }
    const key = [...this.#receive.values()].flat().find(({ fields }) => fields.keyId === keyId);
    if (key !== undefined) this.#remove(key);
  }

  #expire(key: ReceiveKey): void {
    this.#remove(key);
    this.events.forgot(key.fields.keyId);
  }

  #remove(key: ReceiveKey): void {
    retire(key);
    const { kid } = key.fields;
    const rest = (this.#receive.get(kid) ?? []).filter((other) => other !== key);
    if (rest.length === 0) this.#receive.delete(kid);
    else this.#receive.set(kid, rest);
  }
}

function retire(key: ReceiveKey): void {
  key.revoked = true;
  key.stopRetention?.();
}
