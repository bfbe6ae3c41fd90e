/**
 * How much of each picture a relay is asked for, from how large it stands on the screen: more at once, less once it has been
 * enough for a while, so that scrolling and dragging a window's edge ask for little. Pure: the time comes in.
 */
import type { ShownSize } from "../path";

/** How long a smaller size must have been enough before it is asked for. */
export const LESS_AFTER_MS = 1_000;
/** Sizes are rounded up to multiples of this many pixels. */
const STEP = 32;

interface Entry {
  /** What the relay is asked for. */
  asked: ShownSize | null;
  /** What would do. */
  enough: ShownSize | null;
  /** Since when `enough` has been less than what is asked for. */
  since: number;
}

export class ShownSizes {
  readonly #entries = new Map<string, Entry>();

  /** @returns whether `asked` is another now */
  set(key: string, size: ShownSize | null, now: number): boolean {
    const enough = size === null ? null : rounded(size);
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { asked: enough, enough, since: now });
      return true;
    }
    if (same(entry.enough, enough)) return false;
    if (!less(entry.enough, entry.asked)) entry.since = now;
    entry.enough = enough;
    if (less(enough, entry.asked) || same(enough, entry.asked)) return false;
    entry.asked = enough;
    return true;
  }

  /** Time has passed. @returns whether any `asked` is another now */
  review(now: number): boolean {
    let changed = false;
    for (const entry of this.#entries.values()) {
      if (same(entry.enough, entry.asked) || now - entry.since < LESS_AFTER_MS) continue;
      entry.asked = entry.enough;
      changed = true;
    }
    return changed;
  }

  /** Null for a picture of which nothing is seen; undefined if nobody has said how large it is. */
  asked(key: string): ShownSize | null | undefined {
    return this.#entries.get(key)?.asked;
  }

  forget(prefix: string): void {
    for (const key of [...this.#entries.keys()]) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

function rounded({ width, height }: ShownSize): ShownSize {
  return { width: Math.ceil(width / STEP) * STEP, height: Math.ceil(height / STEP) * STEP };
}

function same(one: ShownSize | null, other: ShownSize | null): boolean {
  return one?.width === other?.width && one?.height === other?.height;
}

function less(one: ShownSize | null, other: ShownSize | null): boolean {
  return (one?.height ?? 0) < (other?.height ?? 0);
}
