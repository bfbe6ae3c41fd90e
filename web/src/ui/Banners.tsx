import type { Actions } from "../call/view-state";
import { SoundIcon } from "./icons";

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

/** The frame worker died; another one starts. */
export function WorkerAway() {
  return (
    <div class="banner" role="status" data-testid="worker-away">
      <span class="breath" aria-hidden="true" />
      <span>The part that encrypts has stopped and is being started again. Until then nothing is sent.</span>
    </div>
  );
}
