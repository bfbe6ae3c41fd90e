import type { Actions, CallState, ViewState } from "../call/view-state";
import { RoundButton } from "./Controls";
import {
  CameraIcon,
  CameraOffIcon,
  KeyIcon,
  LeaveIcon,
  MicrophoneIcon,
  MicrophoneOffIcon,
  PeopleIcon,
  PulseIcon,
  ScreenIcon,
  ScreenOffIcon,
  SlidersIcon,
} from "./icons";

/** What a person does in a call: own devices, panels, leave. */
export function CallBar(props: { readonly view: ViewState; readonly call: CallState; readonly actions: Actions }) {
  const { view, call, actions } = props;
  const { media, panel, devices } = view;
  const noMicrophone = devices.microphoneTrouble !== null;
  const noCamera = devices.cameraTrouble !== null;
  return (
    <footer class="call-bar" role="toolbar" aria-label="Call">
      <div class="call-bar-group">
        <RoundButton
          label={noMicrophone ? "Try the microphone again" : media.microphone ? "Mute" : "Unmute"}
          shortcut="M"
          tone={media.microphone && !noMicrophone ? "plain" : "off"}
          pressed={!media.microphone}
          badge={noMicrophone ? "!" : undefined}
          testId="toggle-microphone"
          onPress={actions.toggleMicrophone}
        >
          {media.microphone && !noMicrophone ? <MicrophoneIcon /> : <MicrophoneOffIcon />}
        </RoundButton>
        <RoundButton
          label={noCamera ? "Try the camera again" : media.camera ? "Turn camera off" : "Turn camera on"}
          shortcut="V"
          tone={media.camera && !noCamera ? "plain" : "off"}
          pressed={!media.camera}
          badge={noCamera ? "!" : undefined}
          testId="toggle-camera"
          onPress={actions.toggleCamera}
        >
          {media.camera && !noCamera ? <CameraIcon /> : <CameraOffIcon />}
        </RoundButton>
        <RoundButton
          label={media.screen ? "Stop sharing" : "Share your screen"}
          shortcut="S"
          tone={media.screen ? "active" : "plain"}
          pressed={media.screen}
          testId="toggle-screen"
          onPress={actions.toggleSharing}
        >
          {media.screen ? <ScreenOffIcon /> : <ScreenIcon />}
        </RoundButton>
      </div>
      <div class="call-bar-group panels">
        <RoundButton
          label="People"
          pressed={panel === "people"}
          badge={`${call.participants.length}`}
          testId="open-people"
          onPress={() => actions.togglePanel("people")}
        >
          <PeopleIcon />
        </RoundButton>
        <RoundButton
          label="Camera and microphone"
          pressed={panel === "devices"}
          testId="open-devices"
          onPress={() => actions.togglePanel("devices")}
        >
          <SlidersIcon />
        </RoundButton>
        <RoundButton
          label="Key journal"
          pressed={panel === "journal"}
          testId="open-journal"
          onPress={() => actions.togglePanel("journal")}
        >
          <KeyIcon />
        </RoundButton>
        <RoundButton
          label="Connection details"
          pressed={panel === "debug"}
          testId="open-debug"
          onPress={() => actions.togglePanel("debug")}
        >
          <PulseIcon />
        </RoundButton>
      </div>
      <RoundButton label="Leave the call" tone="danger" testId="leave" onPress={actions.leave}>
        <LeaveIcon />
      </RoundButton>
    </footer>
  );
}
