/**
 * Two people say to be the same one at the relay. Only one of them can be right, and only that one's frames open. Pure:
 * counts and the time come in.
 */

/** How long nothing may open for the one who is believed while frames come. */
export const DISPUTED_FOR_MS = 700;

export class Disputes {
  readonly #open = new Map<string, { readonly passed: number; readonly seen: number; readonly since: number }>();

  /** Forgets all names that are not disputed any more. */
  keep(disputed: ReadonlySet<string>): void {
    for (const identity of [...this.#open.keys()]) if (!disputed.has(identity)) this.#open.delete(identity);
  }

  /**
   * @param seen frames that came under this name
   * @param passed how many of them opened for whoever was believed then
   * @returns whether the next one is to be believed
   */
  observe(identity: string, seen: number, passed: number, now: number): boolean {
    const before = this.#open.get(identity);
    if (before === undefined || passed !== before.passed || seen === before.seen) {
      this.#open.set(identity, { passed, seen, since: now });
      return false;
    }
    if (now - before.since < DISPUTED_FOR_MS) return false;
    this.#open.delete(identity);
    return true;
  }
}
