import type { RefObject, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Actions, CallState, Participant, PeerStatus, ViewState } from "../call/view-state";
import { gridShape } from "./grid-shape";
import { ShareControls } from "./ShareControls";
import { PersonTile, ScreenTile } from "./Tile";

/** All pictures of the call. A shared screen takes the room; the people stand beside it. */
export function Stage(props: { readonly view: ViewState; readonly call: CallState; readonly actions: Actions }) {
  const { view, call, actions } = props;
  const sharing = call.participants.filter((person) =>
    person.self ? view.media.screen : view.tracks.get(person.id)?.screen !== undefined,
  );
  const people = call.participants.map((person) => (
    <Person key={person.id} view={view} person={person} actions={actions} />
  ));
  if (sharing.length > 0) {
    return (
      <div class="stage shared" data-testid="stage" data-people={call.participants.length}>
        <div class={`screens screens-${Math.min(sharing.length, 2)}`}>
          {sharing.map((person) => (
            <ScreenTile
              key={person.id}
              participant={person.id}
              name={person.name}
              self={person.self}
              coming={view.coming.get(person.id)?.screen}
              onPainted={(media) => actions.painted(person.id, "screen", media)}
              onShown={(size) => actions.shown(person.id, "screen", size)}
              screen={person.self ? (view.sharing.screenTrack ?? undefined) : view.tracks.get(person.id)?.screen}
            >
              {person.self && <ShareControls rate={view.sharing.rate} actions={actions} />}
            </ScreenTile>
          ))}
        </div>
        <div class="strip">{people}</div>
      </div>
    );
  }
  return <Grid people={people} />;
}

/** Everybody's tile alike, as large as fit. */
function Grid(props: { readonly people: readonly VNode[] }) {
  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const { people } = props;
  const shape = gridShape(people.length, size.width, size.height);
  return (
    <div
      ref={area}
      class={`stage grid${people.length === 1 ? " solo" : ""}`}
      data-testid="stage"
      data-people={people.length}
      style={{ "--columns": `${shape.columns}`, "--rows": `${shape.rows}` }}
    >
      {people}
    </div>
  );
}

function Person(props: { readonly view: ViewState; readonly person: Participant; readonly actions: Actions }) {
  const { view, person, actions } = props;
  const camera = person.self ? ownCamera(view) : view.tracks.get(person.id)?.camera;
  const microphone = person.self ? view.media.microphone : person.media.microphone;
  return (
    <PersonTile
      participant={person.id}
      name={person.name}
      fingerprint={person.fingerprint}
      self={person.self}
      muted={!microphone}
      speaking={microphone && view.speaking.has(person.id)}
      connection={person.self ? null : noteworthy(view.connections.get(person.id))}
      camera={camera}
      coming={view.coming.get(person.id)?.camera}
      onPainted={(media) => actions.painted(person.id, "camera", media)}
      onShown={(size) => actions.shown(person.id, "camera", size)}
    />
  );
}

function noteworthy(connection: PeerStatus | undefined): Exclude<PeerStatus, "connected"> | null {
  return connection === undefined ? "connecting" : connection === "connected" ? null : connection;
}

function ownCamera(view: ViewState): MediaStreamTrack | undefined {
  return view.media.camera ? (view.devices.cameraTrack ?? undefined) : undefined;
}

/** Size of the content box, in CSS pixels, of an element that is there for as long as its component. */
function useSize(element: RefObject<HTMLElement>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 1280, height: 720 });
  useLayoutEffect(() => {
    const watched = element.current;
    if (!watched || !("ResizeObserver" in window)) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(watched);
    return () => observer.disconnect();
    // Once: an observer tells the size as soon as it observes, and each size told is drawn.
  }, [element]);
  return size;
}
