import type { Path } from "../bridge/messages";
import type { PeerStats } from "../media/mesh-events";
import type { PathState } from "../media/path";
import type { Controller } from "./controller";
import type { FrameCounts } from "./ports";

/** Numbers of the running call; the same that the debug panel shows, and the worker's own counts. */
export interface SottoStats {
  /** True while in a call. */
  readonly inCall: boolean;
  readonly self: string | null;
  readonly epoch: number | null;
  readonly participants: readonly { readonly id: string; readonly name: string; readonly self: boolean }[];
  readonly safetyNumber: string | null;
  /** How media is to travel, and how often that was switched. */
  readonly path: Path | null;
  readonly pathNumber: number | null;
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
  stats(): Promise<SottoStats>;
}

/** Puts `sotto` into the window, where it can be neither replaced nor changed. */
export function offerSupport(window: object, controller: Controller): void {
  const support: SottoSupport = Object.freeze({
    async stats(): Promise<SottoStats> {
      const { call } = controller.store.state;
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
        inCall: call !== null,
        self: call?.self ?? null,
        epoch: call?.epoch ?? null,
        participants: call?.participants.map(({ id, name, self }) => ({ id, name, self })) ?? [],
        safetyNumber: call?.safetyNumber ?? null,
        path: call?.path ?? null,
        pathNumber: call?.pathNumber ?? null,
        paths,
        peers: [...paths].reverse().flatMap(({ peers }) => peers),
        worker: counts,
      };
    },
  });
  Object.defineProperty(window, "sotto", { value: support, writable: false, configurable: false, enumerable: true });
}
