import { useState } from "preact/hooks";
import type { Actions, ScreenRate, ScreenSource } from "../call/view-state";
import { Dialog } from "./Dialog";
import { CameraIcon, MicrophoneIcon, MonitorIcon, RefreshIcon, WindowIcon } from "./icons";
import { RateChoice } from "./ShareControls";

/** The app window's own question for camera and microphone: its browser engine asks nobody. */
export function ConsentDialog({ actions }: { readonly actions: Actions }) {
  return (
    <Dialog
      title="May Sotto use your camera and microphone?"
      testId="consent"
      onCancel={() => actions.answerConsent(false)}
    >
      <p class="consent-icons" aria-hidden="true">
        <CameraIcon />
        <MicrophoneIcon />
      </p>
      <p>
        You see yourself here first. Nothing is sent before you join a call, and then only encrypted, to the people in
        it.
      </p>
      <p class="fine">Without them you can still join, see and listen. Sotto remembers a yes for this profile.</p>
      <div class="dialog-buttons">
        <button type="button" class="button" data-testid="consent-no" onClick={() => actions.answerConsent(false)}>
          Not now
        </button>
        <button
          type="button"
          class="button primary"
          data-testid="consent-yes"
          onClick={() => actions.answerConsent(true)}
        >
          Allow
        </button>
      </div>
    </Dialog>
  );
}

/** Another page asks to take this one's place. */
export function AnotherPageDialog(props: { readonly userAgent: string; readonly actions: Actions }) {
  return (
    <Dialog title="Another page wants in" testId="another-page" onCancel={() => props.actions.answerPage(false)}>
      <p>
        A second page on this computer asks to take the place of this one. If you allow it, it gets your call and this
        page ends.
      </p>
      <p class="quoted">{props.userAgent}</p>
      <p class="fine">Allow it only if you have just opened that page yourself. Otherwise refuse: nothing is lost.</p>
      <div class="dialog-buttons">
        <button type="button" class="button" data-testid="page-allow" onClick={() => props.actions.answerPage(true)}>
          Allow
        </button>
        <button
          type="button"
          class="button primary"
          data-testid="page-refuse"
          onClick={() => props.actions.answerPage(false)}
        >
          Refuse
        </button>
      </div>
    </Dialog>
  );
}

/** The app window's picker: a whole screen or one window, and how smooth. */
export function ScreenPicker(props: {
  readonly sources: readonly ScreenSource[] | null;
  readonly rate: ScreenRate;
  readonly actions: Actions;
}) {
  const { sources, actions } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const source = sources?.find((candidate) => candidate.id === chosen);
  return (
    <Dialog title="Share your screen" testId="screen-picker" wide onCancel={actions.closePicker}>
      {sources === null ? (
        <p class="breathing" role="status">
          Looking at your screens and windows…
        </p>
      ) : (
        <div class="picker-lists">
          <SourceList
            title="Whole screen"
            sources={sources.filter((candidate) => !candidate.window)}
            chosen={chosen}
            onChoose={setChosen}
          />
          <SourceList
            title="One window"
            sources={sources.filter((candidate) => candidate.window)}
            chosen={chosen}
            onChoose={setChosen}
          />
        </div>
      )}
      <p class="fine">
        {source && !source.window
          ? "Everything on this screen will be seen, notifications too."
          : "Everyone in the call will see what you choose, encrypted like your camera."}
      </p>
      <div class="dialog-buttons">
        <RateChoice rate={props.rate} actions={actions} />
        <button
          type="button"
          class="bare"
          aria-label="Look again"
          title="Look again"
          data-testid="refresh-sources"
          onClick={actions.refreshPicker}
        >
          <RefreshIcon />
        </button>
        <span class="spring" />
        <button type="button" class="button" onClick={actions.closePicker}>
          Cancel
        </button>
        <button
          type="button"
          class="button primary"
          data-testid="share-source"
          disabled={!source}
          onClick={() => source && actions.shareSource(source)}
        >
          Share
        </button>
      </div>
    </Dialog>
  );
}

function SourceList(props: {
  readonly title: string;
  readonly sources: readonly ScreenSource[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <fieldset class="sources">
      <legend>{props.title}</legend>
      {props.sources.length === 0 && <p class="fine">None found.</p>}
      {props.sources.map((source) => (
        <label key={source.id} class="source" data-testid="screen-source" data-source={source.id}>
          <input
            type="radio"
            name="screen-source"
            checked={props.chosen === source.id}
            onChange={() => props.onChoose(source.id)}
          />
          {source.window ? <WindowIcon /> : <MonitorIcon />}
          <span>{source.title}</span>
        </label>
      ))}
    </fieldset>
  );
}
