import type { PeerStats } from "../media/mesh-events";
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
  /** Each connection with its streams, running totals. */
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
      const { mesh, worker } = controller.internals;
      const [peers, counts] = await Promise.all([mesh?.stats() ?? [], worker?.stats() ?? []]);
      return {
        inCall: call !== null,
        self: call?.self ?? null,
        epoch: call?.epoch ?? null,
        participants: call?.participants.map(({ id, name, self }) => ({ id, name, self })) ?? [],
        safetyNumber: call?.safetyNumber ?? null,
        peers,
        worker: counts,
      };
    },
  });
  Object.defineProperty(window, "sotto", { value: support, writable: false, configurable: false, enumerable: true });
}
