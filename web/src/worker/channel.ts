/** The worker's own socket to the backend, and the sealed channel in it (docs/protocol.md §9). */
import { ascii, type Bytes, concat, fromBase64Url, toBase64Url } from "./bytes";
import { MAX_COMMANDS_BYTES, readCommands } from "./commands";
import { generateReceiverKeys, ReceiverContext, type ReceiverKeys } from "./hpke";
import type { Keyring } from "./keyring";
import { type Open, Protocol, parseBackendToWorker, type Sealed, type WorkerToBackend } from "./messages";
import { TAG_BYTES } from "./sframe";

const INFO_LABEL = ascii("Sotto 1.0 worker channel");

/** A WebSocket, as far as this worker uses it. */
export type Socket = Pick<WebSocket, "onopen" | "onmessage" | "onclose" | "onerror" | "send" | "close">;

export interface ChannelEvents {
  /** The backend can seal keys to this worker. */
  ready(): void;
  /** The socket closed, or the backend said what it must not say. All keys are gone by then. Final. */
  lost(reason: string): void;
}

/** Takes keys from the backend into the keyring. When it ends, the keyring is empty: no backend, no media. */
export class BackendChannel {
  readonly #keys: Promise<ReceiverKeys> = generateReceiverKeys();
  #context: ReceiverContext | undefined;
  #sequence = 0;
  #ended = false;
  /** Messages are worked on one after the other, each with several asynchronous steps. */
  #work: Promise<void>;

  constructor(
    readonly socket: Socket,
    readonly keyring: Keyring,
    readonly events: ChannelEvents,
  ) {
    this.#work = this.#keys.then(
      () => undefined,
      () => this.#end("this browser can't make an X25519 key pair"),
    );
    socket.onopen = () => this.#enqueue(() => this.#hello());
    socket.onmessage = ({ data }) => this.#enqueue(() => this.#receive(data));
    socket.onerror = () => this.#end("the backend can't be reached");
    socket.onclose = () => this.#end("the backend has closed the connection");
  }

  /** For the backend's key journal. */
  switched(keyId: number): void {
    this.#send({ type: "switched", keyId });
  }

  /** For the backend's key journal. */
  forgot(keyId: number): void {
    this.#send({ type: "forgot", keyId });
  }

  /** Ends the channel and forgets all keys. */
  close(): void {
    this.#end("closed");
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#ended ? undefined : step()))
      .catch((error: unknown) => this.#end(error instanceof Error ? error.message : "unknown error"));
  }

  async #hello(): Promise<void> {
    const { publicKey } = await this.#keys;
    this.#send({ type: "hello", version: Protocol.VERSION, publicKey: toBase64Url(publicKey) });
  }

  async #receive(data: unknown): Promise<void> {
    if (typeof data !== "string") throw new TypeError("the backend sent something other than text");
    const message = parseBackendToWorker(data);
    switch (message.type) {
      case "open":
        return this.#open(message);
      case "sealed":
        return this.#sealed(message);
    }
  }

  async #open({ session, enc }: Open): Promise<void> {
    if (this.#context !== undefined) throw new TypeError("the channel was opened twice");
    const sessionBytes = fromBase64Url("session", session);
    if (sessionBytes.length !== 16) throw new RangeError("the session is not 16 bytes long");
    const keys = await this.#keys;
    const info = concat(INFO_LABEL, sessionBytes, keys.publicKey);
    this.#context = await ReceiverContext.setup(keys, fromBase64Url("enc", enc), info);
    if (!this.#ended) this.events.ready();
  }

  async #sealed({ sequence, ciphertext }: Sealed): Promise<void> {
    if (this.#context === undefined) throw new TypeError("a sealed message came before the channel was opened");
    if (sequence !== this.#sequence) throw new RangeError("a sealed message is missing or came twice");
    const sealed = fromBase64Url("ciphertext", ciphertext);
    if (sealed.length > MAX_COMMANDS_BYTES + TAG_BYTES) throw new RangeError("a sealed message is too long");
    const plaintext = await this.#context.open(u64(sequence), sealed).catch(() => {
      throw new Error("a sealed message does not authenticate");
    });
    const commands = await readCommands(plaintext);
    // The socket may have closed during the steps above; a dead channel installs nothing.
    if (this.#ended) return;
    this.#sequence++;
    for (const command of commands) this.keyring.apply(command);
    this.#send({ type: "done", sequence });
  }

  #send(message: WorkerToBackend): void {
    if (!this.#ended) this.socket.send(JSON.stringify(message));
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.keyring.forgetAll();
    this.#context = undefined;
    this.socket.close();
    this.events.lost(reason);
  }
}

function u64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
