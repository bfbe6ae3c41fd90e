import type { ComponentChildren } from "preact";
import type { PeerStatus, ShownSize } from "../call/view-state";
import { MicrophoneOffIcon, ScreenIcon } from "./icons";
import { hueOf, initialsOf } from "./identity-colour";
import { Picture } from "./MediaElements";

const CONNECTION_WORDS: Record<Exclude<PeerStatus, "connected">, string> = {
  connecting: "Connecting…",
  reconnecting: "Connection interrupted. Trying again…",
  failed: "No way through to this person yet. Still trying.",
};

/** One person's camera, or their initials on their tint. */
export function PersonTile(props: {
  readonly participant: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly self: boolean;
  readonly muted: boolean;
  readonly speaking: boolean;
  /** Null where nothing has to be said. */
  readonly connection: Exclude<PeerStatus, "connected"> | null;
  readonly camera: MediaStreamTrack | undefined;
  readonly coming?: MediaStreamTrack | undefined;
  readonly onPainted?: (media: MediaStreamTrack) => void;
  readonly onShown?: (size: ShownSize | null) => void;
}) {
  const label = props.self ? `${props.name} (you)` : props.name;
  const waiting = props.connection !== null;
  return (
    <figure
      class={`tile person${props.speaking ? " speaking" : ""}${waiting ? " waiting" : ""}`}
      data-testid="tile"
      data-tile={props.participant}
      data-speaking={props.speaking}
      data-muted={props.muted}
      style={{ "--hue": `${hueOf(props.fingerprint)}` }}
    >
      {props.camera ? (
        <Picture
          participant={props.participant}
          track="camera"
          media={props.camera}
          coming={props.coming}
          mirrored={props.self}
          own={props.self}
          {...(props.onPainted && { onPainted: props.onPainted })}
          {...(props.onShown && { onShown: props.onShown })}
        />
      ) : (
        <span class="initials" aria-hidden="true">
          {initialsOf(props.name)}
        </span>
      )}
      {props.connection !== null && (
        <span class="tile-note" data-testid="tile-note">
          {CONNECTION_WORDS[props.connection]}
        </span>
      )}
      <figcaption class="name-plate">
        {props.muted && (
          <span class="muted-mark" role="img" title="Muted" aria-label="muted">
            <MicrophoneOffIcon />
          </span>
        )}
        <span class="name" title={label}>
          {props.name}
        </span>
        {props.self && <span class="you">you</span>}
      </figcaption>
    </figure>
  );
}

/** A shared screen, shown whole. */
export function ScreenTile(props: {
  readonly participant: string;
  readonly name: string;
  readonly self: boolean;
  readonly screen: MediaStreamTrack | undefined;
  readonly coming?: MediaStreamTrack | undefined;
  readonly onPainted?: (media: MediaStreamTrack) => void;
  readonly onShown?: (size: ShownSize | null) => void;
  readonly children?: ComponentChildren;
}) {
  return (
    <figure class="tile screen" data-testid="screen-tile" data-tile={props.participant}>
      {props.screen ? (
        <Picture
          participant={props.participant}
          track="screen"
          media={props.screen}
          coming={props.coming}
          whole
          own={props.self}
          {...(props.onPainted && { onPainted: props.onPainted })}
          {...(props.onShown && { onShown: props.onShown })}
        />
      ) : (
        <span class="tile-note">Waiting for the screen of {props.name}…</span>
      )}
      <figcaption class="name-plate">
        <ScreenIcon />
        <span class="name">{props.self ? "Your screen" : `${props.name}’s screen`}</span>
      </figcaption>
      {props.children}
    </figure>
  );
}
