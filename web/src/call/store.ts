import { START, type ViewState } from "./view-state";

/** Holds the one value that the page shows. Listeners hear of a change once, after all that happened in the same task. */
export class Store {
  #state: ViewState;
  #queued = false;
  readonly #listeners = new Set<(state: ViewState) => void>();

  constructor(state: ViewState = START) {
    this.#state = state;
  }

  get state(): ViewState {
    return this.#state;
  }

  /** Replaces the named parts. */
  set(change: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      for (const listener of this.#listeners) listener(this.#state);
    });
  }

  lobby(change: Partial<ViewState["lobby"]>): void {
    this.set({ lobby: { ...this.#state.lobby, ...change } });
  }

  devices(change: Partial<ViewState["devices"]>): void {
    this.set({ devices: { ...this.#state.devices, ...change } });
  }

  sharing(change: Partial<ViewState["sharing"]>): void {
    this.set({ sharing: { ...this.#state.sharing, ...change } });
  }

  /** @returns stops listening */
  subscribe(listener: (state: ViewState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
