import type { Path } from "../bridge/messages";
import type { PeerStats } from "../media/mesh-events";
import type { PathState } from "../media/path";
import type { Controller } from "./controller";
import type { FrameCounts } from "./ports";

/** What the page knows of the running call. */
export interface SottoCall {
  /** True while in a call. */
  readonly inCall: boolean;
  readonly self: string | null;
  readonly epoch: number | null;
  readonly participants: readonly { readonly id: string; readonly name: string; readonly self: boolean }[];
  readonly safetyNumber: string | null;
  /** How media is to travel, and how often that was switched. */
  readonly path: Path | null;
  readonly pathNumber: number | null;
}

/** Numbers of the running call; the same that the debug panel shows, and the worker's own counts. */
export interface SottoStats extends SottoCall {
  /** Paths in use, oldest first, each with its connections and their streams; running totals. */
  readonly paths: readonly {
    readonly path: Path;
    readonly number: number;
    readonly state: PathState["kind"];
    readonly peers: readonly PeerStats[];
  }[];
  /** Each connection of all paths with its streams, the newest path's first; running totals. */
  readonly peers: readonly PeerStats[];
  /** What the frame worker counted, per stream: frames seen, passed, held, and dropped by reason. */
  readonly worker: readonly FrameCounts[];
}

/** `window.sotto`: for tests and support. Read-only, and there is no key behind it: the page has none. */
export interface SottoSupport {
  /** At once, and at no cost: for who looks often. */
  call(): SottoCall;
  /** Asks every connection and the worker, which takes them milliseconds. */
  stats(): Promise<SottoStats>;
}

/** Puts `sotto` into the window, where it can be neither replaced nor changed. */
export function offerSupport(window: object, controller: Controller): void {
  const call = (): SottoCall => {
    const { call: now } = controller.store.state;
    return {
      inCall: now !== null,
      self: now?.self ?? null,
      epoch: now?.epoch ?? null,
      participants: now?.participants.map(({ id, name, self }) => ({ id, name, self })) ?? [],
      safetyNumber: now?.safetyNumber ?? null,
      path: now?.path ?? null,
      pathNumber: now?.pathNumber ?? null,
    };
  };
  const support: SottoSupport = Object.freeze({
    call,
    async stats(): Promise<SottoStats> {
      const { worker } = controller.internals;
      const [paths, counts] = await Promise.all([
        Promise.all(
          controller.internals.paths.map(async ({ path, number, state, media }) => ({
            path,
            number,
            state: state.kind,
            peers: await media.stats(),
          })),
        ),
        worker?.stats() ?? [],
      ]);
      return {
        ...call(),
        paths,
        peers: [...paths].reverse().flatMap(({ peers }) => peers),
        worker: counts,
      };
    },
  });
  Object.defineProperty(window, "sotto", { value: support, writable: false, configurable: false, enumerable: true });
}
