import { type Tunnel, TunnelRefused } from "../media/path";
import type { Problem } from "./view-state";

/** Tunnels whose failure is remembered. */
const MOST_FAILED = 8;

interface Waiting {
  readonly take: (tunnel: Tunnel) => void;
  readonly refuse: (refused: Error) => void;
}

const LOST: Problem = {
  code: "relay.no-answer",
  what: "The coordination server did not say where the relay is.",
  privacy: "Nothing was sent to a relay.",
  next: "It is asked again.",
};
const ANSWER_WITHIN_MS = 6_000;

/** Asks the backend for ways to the relay, one after the other: its answers do not say what they answer. */
export class Tunnels {
  #waiting: Waiting | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** By the tunnels' names. */
  readonly #failed = new Map<string, Problem>();

  /**
   * @param ask sends the question
   * @param origin of the page, `http://127.0.0.1:<port>`
   */
  constructor(
    private readonly ask: (failed: string | null) => void,
    private readonly origin: () => string,
    private readonly after: (milliseconds: number, later: () => void) => () => void,
  ) {}

  /** Rejects with TunnelRefused. */
  readonly open = (failed: string | null): Promise<Tunnel> => {
    const opened = this.#queue.then(() => this.#open(failed));
    this.#queue = opened.catch(() => undefined);
    return opened;
  };

  given(node: string, name: string): void {
    const url = new URL(`/relay/${name}`, this.origin());
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#waiting?.take({ node, url: url.href, failure: () => this.#failed.get(name) ?? null });
  }

  /** What the backend has found out of a tunnel that it gave. */
  cameToNothing(name: string, problem: Problem): void {
    const [oldest] = this.#failed.keys();
    if (this.#failed.size >= MOST_FAILED && oldest !== undefined) this.#failed.delete(oldest);
    this.#failed.set(name, problem);
  }

  refused(problem: Problem): void {
    this.#waiting?.refuse(new TunnelRefused(problem));
  }

  #open(failed: string | null): Promise<Tunnel> {
    return new Promise<Tunnel>((resolve, reject) => {
      const cancel = this.after(ANSWER_WITHIN_MS, () => this.refused(LOST));
      const end = () => {
        cancel();
        this.#waiting = null;
      };
      this.#waiting = {
        take: (tunnel) => {
          end();
          resolve(tunnel);
        },
        refuse: (refused) => {
          end();
          reject(refused);
        },
      };
      this.ask(failed);
    });
  }
}
