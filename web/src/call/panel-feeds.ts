import type { PeerStats } from "../media/mesh-events";
import type { Ports } from "./ports";
import type { Store } from "./store";
import { StreamStatsReader } from "./stream-stats";
import type { JournalEntry, PanelName } from "./view-state";

const JOURNAL_MS = 1000;
const STATS_MS = 1000;
/** Entries of one answer; as many mean that there may be more. */
const JOURNAL_PAGE = 500;
/** Entries that are kept in the page; the backend has them all. */
const JOURNAL_MOST = 20_000;

/** Keeps the open panel fed: the key journal from the backend, the streams' numbers from the paths. Closed ones cost nothing. */
export class PanelFeeds {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #paths: () => Promise<readonly PeerStats[]>;
  readonly #stats = new StreamStatsReader();
  #cancel: (() => void) | null = null;

  constructor(ports: Ports, store: Store, paths: () => Promise<readonly PeerStats[]>) {
    this.#ports = ports;
    this.#store = store;
    this.#paths = paths;
  }

  /** Opens a panel in place of the one before; null for none. */
  show(panel: PanelName | null): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#store.set({ panel });
    if (panel === "journal") this.#askJournal();
    if (panel === "debug") void this.#readStats();
  }

  /** The backend's answer. */
  journal(entries: readonly JournalEntry[]): void {
    const { journal, panel } = this.#store.state;
    const last = journal.at(-1)?.number ?? 0;
    const fresh = entries.filter((entry) => entry.number > last);
    if (fresh.length > 0) this.#store.set({ journal: [...journal, ...fresh].slice(-JOURNAL_MOST) });
    if (panel !== "journal") return;
    this.#cancel?.();
    this.#cancel = this.#ports.after(entries.length >= JOURNAL_PAGE ? 0 : JOURNAL_MS, () => this.#askJournal());
  }

  #askJournal(): void {
    this.#ports.send({ type: "getJournal", after: this.#store.state.journal.at(-1)?.number ?? 0 });
  }

  async #readStats(): Promise<void> {
    const nameOf = (id: string) => (id === "" ? "The relay" : (names.get(id) ?? id));
    const names = new Map(this.#store.state.call?.participants.map((person) => [person.id, person.name]));
    try {
      const peers = await this.#paths();
      this.#store.set({ stats: this.#stats.read(peers, performance.now(), nameOf) });
    } catch {
      // A connection was closed while it was asked; the next look finds the others.
    }
    if (this.#store.state.panel !== "debug") return;
    this.#cancel?.();
    this.#cancel = this.#ports.after(STATS_MS, () => void this.#readStats());
  }
}
