import { type Actions, SCREEN_RATES, type ScreenRate } from "../call/view-state";
import { ScreenOffIcon } from "./icons";

const RATE_WORDS: Record<ScreenRate, string> = { 5: "Text", 15: "Balanced", 30: "Motion" };

/** On the own shared screen: how smooth, and stop. */
export function ShareControls({ rate, actions }: { readonly rate: ScreenRate; readonly actions: Actions }) {
  return (
    <div class="share-controls">
      <RateChoice rate={rate} actions={actions} />
      <button type="button" class="button danger" data-testid="stop-sharing" onClick={actions.toggleSharing}>
        <ScreenOffIcon /> Stop sharing
      </button>
    </div>
  );
}

/** Few pictures a second for text that stays sharp, many for what moves. */
export function RateChoice({ rate, actions }: { readonly rate: ScreenRate; readonly actions: Actions }) {
  return (
    <fieldset class="segmented" data-testid="screen-rate">
      <legend class="hidden">Pictures per second</legend>
      {SCREEN_RATES.map((choice) => (
        <label key={choice} title={`${choice} pictures per second`}>
          <input
            type="radio"
            name="screen-rate"
            value={choice}
            checked={choice === rate}
            onChange={() => actions.setScreenRate(choice)}
          />
          <span>
            {RATE_WORDS[choice]} <small>{choice}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
