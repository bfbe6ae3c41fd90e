import type { Ports } from "./ports";
import type { Store } from "./store";
import type { Problem } from "./view-state";

/** Alarms on the screen at once. */
const MOST_ALARMS = 12;
const MOST_TOASTS = 4;
const TOAST_MS = 6000;

/** What a person is told without having asked: alarms, which stay until they are dismissed, and toasts, which pass. */
export class Notices {
  readonly #ports: Ports;
  readonly #store: Store;
  #nextId = 1;

  constructor(ports: Ports, store: Store) {
    this.#ports = ports;
    this.#store = store;
  }

  /** Whoever can cause one can cause thousands: each stands there once, and no more than a person can read. */
  alarm(problem: Problem): void {
    const { alarms } = this.#store.state;
    if (alarms.some((one) => one.problem.code === problem.code && one.problem.what === problem.what)) return;
    this.#store.set({ alarms: [...alarms.slice(1 - MOST_ALARMS), { id: this.#nextId++, problem }] });
  }

  dismissAlarm(id: number): void {
    this.#store.set({ alarms: this.#store.state.alarms.filter((alarm) => alarm.id !== id) });
  }

  toast(text: string): void {
    const id = this.#nextId++;
    this.#store.set({ toasts: [...this.#store.state.toasts.slice(1 - MOST_TOASTS), { id, text }] });
    this.#ports.after(TOAST_MS, () => this.dismissToast(id));
  }

  dismissToast(id: number): void {
    this.#store.set({ toasts: this.#store.state.toasts.filter((toast) => toast.id !== id) });
  }
}
