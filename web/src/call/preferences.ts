import type { Ports } from "./ports";
import type { Store } from "./store";
import type { Preferences } from "./view-state";

/** Changes what the profile remembers from one start to the next. Nothing is sent where nothing changes. */
export function savePreferences(ports: Ports, store: Store, change: Partial<Preferences>): void {
  const before = store.state.preferences;
  const preferences = { ...before, ...change };
  if (JSON.stringify(before) === JSON.stringify(preferences)) return;
  store.set({ preferences });
  ports.send({ type: "savePreferences", preferences });
}
