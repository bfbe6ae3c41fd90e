import type { Actions, CallState, Participant } from "../call/view-state";
import { HostControls, PersonControls } from "./HostControls";
import { CameraOffIcon, LinkIcon, MicrophoneOffIcon, ScreenIcon } from "./icons";
import { hueOf, initialsOf } from "./identity-colour";
import { Panel } from "./Panel";

/** The roster: everyone who holds this call's keys. */
export function PeoplePanel({ call, actions }: { readonly call: CallState; readonly actions: Actions }) {
  return (
    <Panel title="People" testId="people-panel" actions={actions}>
      <p class="lead">
        {call.participants.length === 1 ? "Only you" : `These ${call.participants.length}`} can see and hear this call.
        A change shows here before the newcomer is heard.
      </p>
      <HostControls call={call} actions={actions} />
      <ul class="people" data-testid="roster">
        {call.participants.map((person) => (
          <Person key={person.id} call={call} person={person} actions={actions} />
        ))}
      </ul>
      <button type="button" class="button" onClick={actions.copyLink}>
        <LinkIcon /> Copy link to invite
      </button>
    </Panel>
  );
}

function Person(props: { readonly call: CallState; readonly person: Participant; readonly actions: Actions }) {
  const { person } = props;
  return (
    <li class="person-row" data-testid="roster-person" data-person={person.id}>
      <span class="avatar" style={{ "--hue": `${hueOf(person.fingerprint)}` }} aria-hidden="true">
        {initialsOf(person.name)}
      </span>
      <span class="person-words">
        <span class="person-name">
          {person.name}
          {person.self && <span class="you">you</span>}
          {person.host && <span class="you">host</span>}
        </span>
        {!person.connected && <span class="person-away">Out of the server’s reach; may come back</span>}
        <details class="fingerprint-details">
          <summary>Fingerprint</summary>
          <code class="fingerprint">{person.fingerprint}</code>
        </details>
        <PersonControls {...props} />
      </span>
      <span class="person-marks">
        {person.media.screen && <Mark label="shares a screen" icon={<ScreenIcon />} tone="active" />}
        {!person.media.camera && <Mark label="camera off" icon={<CameraOffIcon />} />}
        {!person.media.microphone && <Mark label="muted" icon={<MicrophoneOffIcon />} />}
      </span>
    </li>
  );
}

function Mark(props: { readonly label: string; readonly icon: preact.ComponentChild; readonly tone?: "active" }) {
  return (
    <span class={`mark-small ${props.tone ?? ""}`} role="img" title={props.label} aria-label={props.label}>
      {props.icon}
    </span>
  );
}
