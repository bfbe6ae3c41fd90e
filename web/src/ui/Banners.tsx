import type { Actions, PathView } from "../call/view-state";
import { SoundIcon } from "./icons";
import { PATH_WORDS } from "./path-words";

/** The browser plays nothing before a click. */
export function SoundHeld({ actions }: { readonly actions: Actions }) {
  return (
    <div class="banner" role="status" data-testid="sound-held">
      <span>Your browser holds back sound until you click.</span>
      <button type="button" class="button" onClick={actions.letSoundThrough}>
        <SoundIcon /> Hear the call
      </button>
    </div>
  );
}

/** How the way of the call fares, while that is worth a word. */
export function PathNote({ paths, alone }: { readonly paths: readonly PathView[]; readonly alone: boolean }) {
  const newest = paths.at(-1);
  if (newest === undefined) return null;
  const words = wordsFor(newest, paths.length > 1, alone);
  if (words === null) return null;
  return (
    <div class="banner" role="status" data-testid="path-note" data-path={newest.path} data-state={newest.state.kind}>
      <span class="breath" aria-hidden="true" />
      <span>{words}</span>
    </div>
  );
}

function wordsFor({ path, state }: PathView, moving: boolean, alone: boolean): string | null {
  const way = PATH_WORDS[path].name;
  switch (state.kind) {
    case "open":
      return moving && !alone ? `Moving to: ${way}. The call goes on over both ways until everyone is there.` : null;
    case "opening":
      if (moving) return `Opening the new way: ${way}. Until it is there, the call stays where it was.`;
      return path === "relay" ? "Connecting to the relay…" : null;
    case "failing-over":
      return "The relay stopped answering. Moving to another one…";
    case "lost":
      if (moving) return `“${way}” can’t be opened from here. The call stays on the way it was on; still trying.`;
      return path === "relay"
        ? "No relay can be reached. Nothing goes another way by itself; still trying."
        : "No way that hides addresses was found. Nothing goes another way by itself.";
  }
}

/** The frame worker died; another one starts. */
export function WorkerAway() {
  return (
    <div class="banner" role="status" data-testid="worker-away">
      <span class="breath" aria-hidden="true" />
      <span>The part that encrypts has stopped and is being started again. Until then nothing is sent.</span>
    </div>
  );
}
