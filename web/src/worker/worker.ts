/** The frame worker: joins streams, keyring, backend and page. */
import { BackendChannel, type Socket } from "./channel";
import type { Clock } from "./clock";
import { InjectedFrames } from "./injected";
import { Keyring } from "./keyring";
import { Protocol } from "./messages";
import { readPageMessage, readStreamOptions, type WorkerToPage } from "./page-messages";
import { ReceiverStream } from "./receiver";
import { SenderStream } from "./sender";
import { pump, type Transformer } from "./stream";

const STATS_EVERY_MS = 1000;

/** What the worker needs from around it. */
export interface Surroundings {
  readonly clock: Clock;
  toPage(message: WorkerToPage): void;
  /** A socket to the backend that the worker's script came from. */
  connect(path: string, subprotocols: readonly string[]): Socket;
}

export class FrameWorker {
  readonly #keyring: Keyring;
  readonly #streams = new Map<number, SenderStream | ReceiverStream>();
  readonly #injected = new InjectedFrames();
  #channel: BackendChannel | undefined;
  #stopStats: (() => void) | undefined;

  constructor(readonly around: Surroundings) {
    this.#keyring = new Keyring(around.clock, {
      switched: (keyId) => this.#channel?.switched(keyId),
      forgot: (keyId) => this.#channel?.forgot(keyId),
      receiveKeyInstalled: () => {
        for (const stream of this.#streams.values()) if (stream instanceof ReceiverStream) stream.releaseHeld();
      },
    });
  }

  /** What the page posted; anything that is no message of the contract is left alone. */
  fromPage(value: unknown): void {
    const message = readPageMessage(value);
    switch (message?.type) {
      case "connect":
        this.#connect(message.ticket);
        break;
      case "rebind": {
        const stream = this.#streams.get(message.stream);
        if (stream instanceof ReceiverStream) stream.rebind(message);
        break;
      }
      case "unbind": {
        const stream = this.#streams.get(message.stream);
        if (stream instanceof ReceiverStream) stream.unbind();
        break;
      }
      case "injected":
        this.#injected.learn(message.trailer);
        break;
      case "stats":
        this.#tellStats();
        break;
      case "ping":
        this.around.toPage({ type: "pong" });
        break;
      case "close":
        this.#channel?.close();
        this.#keyring.forgetAll();
        break;
    }
  }

  /** A transform that the page has attached. With options that are not understood its frames go nowhere. */
  attach(transformer: Transformer): void {
    const options = readStreamOptions(transformer.options);
    if (options === undefined || this.#streams.has(options.stream)) return;
    const { stream } = options;
    const added =
      options.direction === "send"
        ? new SenderStream(stream, options.track, this.#keyring, transformer.writable, () =>
            this.around.toPage({ type: "key-frame", stream }),
          )
        : new ReceiverStream(
            stream,
            options,
            this.#keyring,
            this.around.clock,
            transformer.writable,
            () => {
              transformer.sendKeyFrameRequest().catch(() => undefined);
            },
            (frame) => this.#injected.made(frame),
          );
    this.#streams.set(stream, added);
    this.#stopStats ??= this.around.clock.after(STATS_EVERY_MS, () => this.#everySecond());
    const ended = () => this.#streams.delete(stream);
    pump(transformer.readable, added).then(ended, ended);
  }

  #connect(ticket: string): void {
    if (this.#channel !== undefined) return;
    const subprotocols = [Protocol.SUBPROTOCOL, Protocol.TOKEN_PREFIX + ticket];
    this.#channel = new BackendChannel(this.around.connect(Protocol.WORKER_PATH, subprotocols), this.#keyring, {
      ready: () => this.around.toPage({ type: "ready" }),
      lost: (reason) => this.around.toPage({ type: "lost", reason }),
    });
  }

  #everySecond(): void {
    this.#tellStats();
    this.#stopStats =
      this.#streams.size === 0 ? undefined : this.around.clock.after(STATS_EVERY_MS, () => this.#everySecond());
  }

  #tellStats(): void {
    this.around.toPage({ type: "stats", streams: [...this.#streams.values()].map((stream) => stream.stats()) });
  }
}
