import type { LevelSource } from "../call/levels";
import type { Actions, Participant, RemoteTracks, TrackName, ViewState } from "../call/view-state";
import { PathNote, SoundHeld, WorkerAway } from "./Banners";
import { CallBar } from "./CallBar";
import { DebugPanel } from "./DebugPanel";
import { DevicesPanel } from "./DevicesPanel";
import { InviteCard } from "./InviteCard";
import { JournalPanel } from "./JournalPanel";
import { Sound } from "./MediaElements";
import { PeoplePanel } from "./PeoplePanel";
import { SafetyPanel } from "./SafetyPanel";
import { Stage } from "./Stage";
import { TopBar } from "./TopBar";
import { WhoSeesWhatPanel } from "./WhoSeesWhatPanel";

/** The running call. */
export function CallScreen(props: {
  readonly view: ViewState;
  readonly level: LevelSource;
  readonly actions: Actions;
}) {
  const { view, actions } = props;
  const call = view.call;
  if (!call) return null;
  const alone = call.participants.every((person) => person.self);
  return (
    <div class={`call${view.panel ? " with-panel" : ""}`} data-testid="call" data-epoch={call.epoch}>
      <TopBar call={call} panel={view.panel} actions={actions} />
      <main class="call-body">
        <div class="call-stage">
          {view.soundHeld && <SoundHeld actions={actions} />}
          {view.workerAway && <WorkerAway />}
          <PathNote paths={view.paths} alone={alone} />
          <Stage view={view} call={call} actions={actions} />
          {alone && <InviteCard link={call.link} actions={actions} />}
        </div>
        {view.panel === "people" && <PeoplePanel call={call} actions={actions} />}
        {view.panel === "devices" && <DevicesPanel {...props} />}
        {view.panel === "safety" && <SafetyPanel call={call} actions={actions} />}
        {view.panel === "privacy" && <WhoSeesWhatPanel view={view} call={call} actions={actions} />}
        {view.panel === "journal" && <JournalPanel entries={view.journal} actions={actions} />}
        {view.panel === "debug" && <DebugPanel view={view} actions={actions} />}
      </main>
      <CallBar view={view} call={call} actions={actions} />
      <Sounds
        participants={call.participants}
        tracks={view.tracks}
        coming={view.coming}
        onHeld={actions.reportSoundHeld}
      />
    </div>
  );
}

const SOUND_TRACKS: readonly TrackName[] = ["microphone", "screen-audio"];

/** Every voice and every shared sound, apart from the tiles, so that a change of layout never interrupts one. */
function Sounds(props: {
  readonly participants: readonly Participant[];
  readonly tracks: ReadonlyMap<string, RemoteTracks>;
  readonly coming: ReadonlyMap<string, RemoteTracks>;
  readonly onHeld: () => void;
}) {
  return (
    <div class="sounds">
      {props.participants
        .filter((person) => !person.self)
        .flatMap((person) =>
          SOUND_TRACKS.flatMap((track) => {
            const media = props.tracks.get(person.id)?.[track];
            return media
              ? [
                  <Sound
                    key={`${person.id} ${track}`}
                    participant={person.id}
                    track={track}
                    media={media}
                    coming={props.coming.get(person.id)?.[track]}
                    onHeld={props.onHeld}
                  />,
                ]
              : [];
          }),
        )}
    </div>
  );
}
