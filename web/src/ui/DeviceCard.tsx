import type { LevelSource } from "../call/levels";
import type { Actions, DeviceTrouble, ViewState } from "../call/view-state";
import { RoundButton } from "./Controls";
import { CameraIcon, CameraOffIcon, MicrophoneIcon, MicrophoneOffIcon, RefreshIcon } from "./icons";
import { initialsOf } from "./identity-colour";
import { Picture } from "./MediaElements";
import { MicrophoneLevel } from "./MicrophoneLevel";

/** The own picture as the others will see it, the device choice and how loud the microphone hears. */
export function DeviceCard(props: {
  readonly view: ViewState;
  readonly level: LevelSource;
  readonly actions: Actions;
}) {
  const { view, actions } = props;
  const { devices, media } = view;
  const cameraOn = media.camera && devices.cameraTrouble === null;
  const microphoneOn = media.microphone && devices.microphoneTrouble === null;
  return (
    <section class="device-card" aria-label="Camera and microphone">
      <div class="preview" data-testid="preview">
        {media.camera && devices.cameraTrack ? (
          <Picture participant="self" track="camera" media={devices.cameraTrack} mirrored own />
        ) : (
          <PreviewWords view={view} actions={actions} />
        )}
        <div class="preview-buttons">
          <RoundButton
            label={microphoneOn ? "Mute" : "Unmute"}
            shortcut="M"
            tone={microphoneOn ? "plain" : "off"}
            pressed={!media.microphone}
            badge={devices.microphoneTrouble ? "!" : undefined}
            testId="toggle-microphone"
            onPress={actions.toggleMicrophone}
          >
            {microphoneOn ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
          </RoundButton>
          <RoundButton
            label={cameraOn ? "Turn camera off" : "Turn camera on"}
            shortcut="V"
            tone={cameraOn ? "plain" : "off"}
            pressed={!media.camera}
            badge={devices.cameraTrouble ? "!" : undefined}
            testId="toggle-camera"
            onPress={actions.toggleCamera}
          >
            {cameraOn ? <CameraIcon /> : <CameraOffIcon />}
          </RoundButton>
        </div>
      </div>
      <DeviceChoices view={view} level={props.level} actions={actions} />
    </section>
  );
}

/** Which camera, which microphone, and how loud it hears. */
export function DeviceChoices(props: {
  readonly view: ViewState;
  readonly level: LevelSource;
  readonly actions: Actions;
}) {
  const { view, actions } = props;
  const { devices, media } = view;
  const microphoneOn = media.microphone && devices.microphoneTrouble === null;
  return (
    <div class="device-choices">
      <DeviceChoice
        label="Camera"
        none="No camera found"
        devices={devices.cameras}
        chosen={devices.camera}
        testId="camera-choice"
        onChoose={actions.chooseCamera}
      />
      <div class="microphone-choice">
        <DeviceChoice
          label="Microphone"
          none="No microphone found"
          devices={devices.microphones}
          chosen={devices.microphone}
          testId="microphone-choice"
          onChoose={actions.chooseMicrophone}
        />
        <MicrophoneLevel level={props.level} muted={!microphoneOn} />
      </div>
      {devices.microphoneTrouble && (
        <p class="device-trouble" role="status" data-testid="microphone-trouble">
          {MICROPHONE_WORDS[devices.microphoneTrouble]}{" "}
          <button type="button" class="link-button" onClick={actions.retryDevices}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

const CAMERA_WORDS: Record<DeviceTrouble, { readonly what: string; readonly next: string }> = {
  refused: {
    what: "The camera was not allowed.",
    next: "You can join without it. To use it, allow it in the browser’s or system’s settings for this page.",
  },
  missing: { what: "There is no camera.", next: "You can join without one, or plug one in now." },
  busy: {
    what: "The camera is in use elsewhere.",
    next: "Close the other program that uses it, or join without it.",
  },
  failed: { what: "The camera did not start.", next: "Try again, choose another, or join without it." },
};

const MICROPHONE_WORDS: Record<DeviceTrouble, string> = {
  refused: "The microphone was not allowed. You can join and listen; to speak, allow it in the settings.",
  missing: "There is no microphone. You can join and listen, or plug one in now.",
  busy: "The microphone is in use elsewhere. Close the other program, or join and listen.",
  failed: "The microphone did not start. Choose another one, or join and listen.",
};

function PreviewWords({ view, actions }: { readonly view: ViewState; readonly actions: Actions }) {
  const { devices, media } = view;
  if (devices.cameraTrouble && media.camera) {
    const words = CAMERA_WORDS[devices.cameraTrouble];
    return (
      <div class="preview-words" role="status" data-testid="camera-trouble" data-trouble={devices.cameraTrouble}>
        <p class="preview-what">{words.what}</p>
        <p>{words.next}</p>
        <button type="button" class="button quiet" data-testid="retry-devices" onClick={actions.retryDevices}>
          <RefreshIcon /> Try again
        </button>
      </div>
    );
  }
  if (devices.opening) {
    return (
      <div class="preview-words" role="status">
        <p>Starting the camera…</p>
      </div>
    );
  }
  return (
    <div class="preview-words">
      <span class="initials" aria-hidden="true">
        {initialsOf(view.lobby.name) || "·"}
      </span>
      <p>Your camera is off.</p>
    </div>
  );
}

function DeviceChoice(props: {
  readonly label: string;
  readonly none: string;
  readonly devices: readonly string[];
  readonly chosen: string | null;
  readonly testId: string;
  readonly onChoose: (label: string) => void;
}) {
  const empty = props.devices.length === 0;
  return (
    <label class="labelled inline">
      <span>{props.label}</span>
      <select
        class="field"
        disabled={empty}
        value={props.chosen ?? ""}
        data-testid={props.testId}
        onChange={(change) => props.onChoose(change.currentTarget.value)}
      >
        {empty && <option value="">{props.none}</option>}
        {!empty && props.chosen === null && <option value="">Choose…</option>}
        {props.devices.map((device) => (
          <option key={device} value={device}>
            {device}
          </option>
        ))}
      </select>
    </label>
  );
}
