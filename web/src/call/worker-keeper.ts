import type { CallWorker, Ports } from "./ports";
import type { Store } from "./store";

/** Wait before a worker that died is replaced: none at first, then longer, so that a broken machine is not kept busy. */
const WAITS_MS = [0, 250, 1000, 3000];
/** A worker that lived this long starts the row anew. */
const STEADY_MS = 30_000;

/** Sees to it that there is one frame worker: asks for a ticket, starts it, replaces it when it is gone. */
export class WorkerKeeper {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #changed: (worker: CallWorker | null) => void;
  #worker: CallWorker | null = null;
  #isReady = false;
  #deaths = 0;
  #cancelWait: (() => void) | null = null;
  #cancelSteady: (() => void) | null = null;
  #over = false;

  /** @param changed a worker can take keys now: the first one, or one that replaces another; null when it is gone */
  constructor(ports: Ports, store: Store, changed: (worker: CallWorker | null) => void) {
    this.#ports = ports;
    this.#store = store;
    this.#changed = changed;
  }

  /** The worker, once it has reached the backend. */
  get worker(): CallWorker | null {
    return this.#isReady ? this.#worker : null;
  }

  /** How many workers have gone in a row. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Asks the backend for a ticket. */
  ask(): void {
    this.#ports.send({ type: "getWorkerTicket" });
  }

  /** Starts a worker with the ticket. */
  start(ticket: string): void {
    if (this.#over) return;
    this.#worker?.close();
    this.#isReady = false;
    const gone = (reason: string) => {
      if (this.#worker === worker) this.#gone(reason);
    };
    const worker = this.#ports.startWorker(ticket, {
      ready: () => {
        if (this.#worker === worker) this.#started(worker);
      },
      lost: gone,
      died: gone,
    });
    this.#worker = worker;
  }

  close(): void {
    this.#over = true;
    this.#cancelWait?.();
    this.#cancelSteady?.();
    this.#worker?.close();
    this.#worker = null;
    this.#isReady = false;
  }

  #started(worker: CallWorker): void {
    this.#isReady = true;
    this.#cancelSteady = this.#ports.after(STEADY_MS, () => {
      this.#deaths = 0;
    });
    this.#store.set({ workerAway: false });
    this.#changed(worker);
  }

  #gone(reason: string): void {
    if (this.#over) return;
    console.warn("The frame worker is gone:", reason);
    this.#cancelSteady?.();
    this.#worker = null;
    this.#isReady = false;
    this.#store.set({ workerAway: true });
    const wait = WAITS_MS[Math.min(this.#deaths++, WAITS_MS.length - 1)] ?? 0;
    this.#changed(null);
    this.#cancelWait = this.#ports.after(wait, () => this.ask());
  }
}
