import type { Clock } from "./clock";

/** How much may wait. */
export interface HoldLimits {
  readonly ms: number;
  readonly frames: number;
  readonly bytes: number;
}

export const HOLD_VIDEO: HoldLimits = { ms: 1000, frames: 60, bytes: 4 * 1024 * 1024 };
export const HOLD_AUDIO: HoldLimits = { ms: 200, frames: 10, bytes: 64 * 1024 };
/** Less of what is nobody's yet: a relay makes as many receivers as it likes. */
export const HOLD_UNBOUND_VIDEO: HoldLimits = { ms: 1000, frames: 30, bytes: 1024 * 1024 };

/** @param bound whether it waits for a key alone, and not to be known whom to show */
export function holdLimits(video: boolean, bound: boolean): HoldLimits {
  if (!video) return HOLD_AUDIO;
  return bound ? HOLD_VIDEO : HOLD_UNBOUND_VIDEO;
}

interface Held<T> {
  readonly item: T;
  readonly bytes: number;
  readonly since: number;
}

/** Frames in their order that wait; the oldest go first when there are too many or time is up. */
export class HoldQueue<T> {
  readonly #queue: Held<T>[] = [];
  #bytes = 0;
  #cancel: (() => void) | undefined;

  /**
   * @param limits asked for again with each frame
   * @param expired called for each frame whose time or place is over, oldest first; then `changed`, once
   */
  constructor(
    readonly clock: Clock,
    readonly limits: () => HoldLimits,
    readonly expired: (item: T) => void,
    readonly changed: () => void,
  ) {}

  get length(): number {
    return this.#queue.length;
  }

  get first(): T | undefined {
    return this.#queue[0]?.item;
  }

  push(item: T, bytes: number): void {
    this.#queue.push({ item, bytes, since: this.clock.now() });
    this.#bytes += bytes;
    const { frames, bytes: most } = this.limits();
    const full = this.#queue.length > frames || this.#bytes > most;
    while (this.#queue.length > frames || this.#bytes > most) this.#expireFirst();
    if (full) this.changed();
    this.#watch();
  }

  shift(): T | undefined {
    const held = this.#queue.shift();
    if (held !== undefined) this.#bytes -= held.bytes;
    if (this.#queue.length === 0) this.#stop();
    return held?.item;
  }

  #expireFirst(): void {
    const item = this.shift();
    if (item !== undefined) this.expired(item);
  }

  #watch(): void {
    const oldest = this.#queue[0];
    if (oldest === undefined || this.#cancel !== undefined) return;
    const left = oldest.since + this.limits().ms - this.clock.now();
    this.#cancel = this.clock.after(Math.max(1, left), () => {
      this.#cancel = undefined;
      const deadline = this.clock.now() - this.limits().ms;
      for (let next = this.#queue[0]; next !== undefined && next.since <= deadline; next = this.#queue[0]) {
        this.#expireFirst();
      }
      this.changed();
      this.#watch();
    });
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
