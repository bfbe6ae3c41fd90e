import type { LevelSource } from "../call/levels";
import type { Actions, ViewState } from "../call/view-state";
import { DeviceChoices } from "./DeviceCard";
import { Panel } from "./Panel";

/** Another camera or microphone in the middle of a call. */
export function DevicesPanel(props: {
  readonly view: ViewState;
  readonly level: LevelSource;
  readonly actions: Actions;
}) {
  return (
    <Panel title="Camera and microphone" testId="devices-panel" actions={props.actions}>
      <DeviceChoices {...props} />
      <p class="fine">
        A camera that is off is closed, and its light goes out. A muted microphone sends silence of the same size as
        speech, so that nobody on the way can tell whether you speak.
      </p>
    </Panel>
  );
}
