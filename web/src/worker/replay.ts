const WINDOW = 1024;

/**
 * The counters of one receive key that have been seen, as a sliding window of the newest 1024 (docs/protocol.md §7).
 * Counters gain their place only after their frame has authenticated, so that a forged header can't move the window.
 */
export class ReplayWindow {
  readonly #bits = new Uint32Array(WINDOW / 32);
  #newest = -1;

  /** Whether this counter is older than the window or in it already. */
  seen(counter: number): boolean {
    if (counter > this.#newest) return false;
    if (counter <= this.#newest - WINDOW) return true;
    return (this.#word(counter) & bit(counter)) !== 0;
  }

  /** Takes the counter of a frame that authenticated; false if it was {@link seen} before. */
  accept(counter: number): boolean {
    if (this.seen(counter)) return false;
    if (counter - this.#newest >= WINDOW) this.#bits.fill(0);
    else for (let skipped = this.#newest + 1; skipped < counter; skipped++) this.#clear(skipped);
    this.#newest = Math.max(this.#newest, counter);
    this.#bits[slot(counter)] = this.#word(counter) | bit(counter);
    return true;
  }

  #word(counter: number): number {
    return this.#bits[slot(counter)] ?? 0;
  }

  #clear(counter: number): void {
    this.#bits[slot(counter)] = this.#word(counter) & ~bit(counter);
  }
}

function slot(counter: number): number {
  return (counter % WINDOW) >>> 5;
}

function bit(counter: number): number {
  return 1 << (counter % 32);
}
