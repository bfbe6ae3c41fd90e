import { useEffect } from "preact/hooks";
import type { LevelSource } from "../call/levels";
import type { Actions, Stage, ViewState } from "../call/view-state";
import { DeviceCard } from "./DeviceCard";
import { CloseIcon, SottoMark } from "./icons";
import { PathChoice } from "./PathControl";
import { ProblemText } from "./ProblemText";

/** Before a call: who am I, how do I look and sound, where do I go. */
export function Lobby(props: { readonly view: ViewState; readonly level: LevelSource; readonly actions: Actions }) {
  const { view, actions } = props;
  const { lobby } = view;
  useEffect(markPainted, []);
  return (
    <div class="lobby" data-testid="lobby">
      <main class="lobby-body">
        <header class="lobby-title">
          <SottoMark />
          <h1 class="wordmark">sotto</h1>
          <p>Calls that only the people in them can see and hear.</p>
        </header>
        <DeviceCard view={view} level={props.level} actions={actions} />
        <div class="lobby-forms">
          {lobby.left && lobby.problem === null && (
            <p class="left-note" role="status" data-testid="left">
              You have left the call. Its keys are gone from this computer.
            </p>
          )}
          {lobby.problem && (
            <div class="notice-card" role="alert" data-testid="lobby-problem">
              <ProblemText problem={lobby.problem} />
              <button type="button" class="bare" aria-label="Dismiss" onClick={actions.dismissLobbyProblem}>
                <CloseIcon />
              </button>
            </div>
          )}
          <label class="labelled">
            <span>Your name</span>
            <input
              class="field"
              type="text"
              maxLength={48}
              autocomplete="off"
              spellcheck={false}
              placeholder="As the others will see it"
              value={lobby.name}
              aria-invalid={lobby.nameMissing}
              data-testid="name"
              onInput={(change) => actions.setName(change.currentTarget.value)}
            />
            {lobby.nameMissing && (
              <span class="field-problem" role="alert" data-testid="name-missing">
                Tell the others who you are: enter a name.
              </span>
            )}
          </label>
          {lobby.busy ? <Progress busy={lobby.busy} stage={lobby.stage} actions={actions} /> : <Doors {...props} />}
        </div>
      </main>
      <footer class="lobby-foot">
        {view.welcome && (
          <>
            <span>
              Server <b>{hostOf(view.welcome.server)}</b>
            </span>
            <span>
              Your fingerprint <code data-testid="fingerprint">{view.welcome.fingerprint}</code>
            </span>
          </>
        )}
      </footer>
    </div>
  );
}

/** The ways into a call: an invitation, a new room, a pasted link. */
function Doors({ view, actions }: { readonly view: ViewState; readonly actions: Actions }) {
  const { lobby } = view;
  if (lobby.invitation !== null) {
    return (
      <div class="doors" data-testid="invitation">
        <p class="invited">You have been invited to a call.</p>
        <button
          type="button"
          class="button primary large"
          data-testid="join-invitation"
          onClick={actions.joinInvitation}
        >
          Join the call
        </button>
        <button type="button" class="button quiet" data-testid="set-aside" onClick={actions.setAsideInvitation}>
          Not now
        </button>
      </div>
    );
  }
  return (
    <div class="doors">
      <button type="button" class="button primary large" data-testid="new-room" onClick={actions.newRoom}>
        New room
      </button>
      <PathChoice
        legend="How its calls travel; you can switch in the call"
        name="new-path"
        chosen={lobby.path}
        onChoose={actions.choosePath}
      />
      <p class="or">
        <span>or</span>
      </p>
      <form
        class="join-form"
        onSubmit={(event) => {
          event.preventDefault();
          actions.joinLink();
        }}
      >
        <label class="labelled">
          <span>Join with a link</span>
          <span class="link-row">
            <input
              class="field"
              type="text"
              inputMode="url"
              maxLength={1024}
              autocomplete="off"
              spellcheck={false}
              placeholder="Paste it here"
              value={lobby.link}
              aria-invalid={lobby.linkProblem !== null}
              data-testid="link"
              onInput={(change) => actions.setLink(change.currentTarget.value)}
            />
            <button type="submit" class="button" data-testid="join" disabled={lobby.link.trim() === ""}>
              Join
            </button>
          </span>
        </label>
        {lobby.linkProblem && (
          <div class="field-problem" role="alert" data-testid="link-problem">
            <ProblemText problem={lobby.linkProblem} />
          </div>
        )}
      </form>
    </div>
  );
}

const STAGES: readonly { readonly stage: Stage; readonly words: string }[] = [
  { stage: "connecting", words: "Reaching the server" },
  { stage: "asking-to-join", words: "Asking to come in" },
  { stage: "agreeing-keys", words: "Agreeing on keys" },
];

/** The steps into a call, the present one breathing. */
function Progress(props: {
  readonly busy: "creating" | "joining";
  readonly stage: Stage | null;
  readonly actions: Actions;
}) {
  const waits = props.stage === "waiting-for-host" || props.stage === "waiting-for-absent-host";
  const present = STAGES.findIndex(({ stage }) => stage === (waits ? "asking-to-join" : props.stage));
  return (
    <div class="progress" role="status" data-testid="progress" data-stage={props.stage ?? props.busy}>
      {props.busy !== "joining" ? (
        <p>Making a room…</p>
      ) : waits ? (
        <Waiting hostThere={props.stage === "waiting-for-host"} />
      ) : (
        <ol>
          {STAGES.map(({ stage, words }, index) => (
            <li key={stage} class={index < present ? "done" : index === present ? "now" : "later"}>
              {words}
            </li>
          ))}
        </ol>
      )}
      <button type="button" class="button quiet" data-testid="cancel-join" onClick={props.actions.leave}>
        Cancel
      </button>
    </div>
  );
}

/** The room is locked: nothing to do but wait. */
function Waiting({ hostThere }: { readonly hostThere: boolean }) {
  return (
    <div class="waiting" data-testid="waiting">
      <h3 class="breathing">{hostThere ? "Waiting for the host" : "No host is here yet"}</h3>
      <p>
        This room is locked.{" "}
        {hostThere
          ? "The host sees your name and fingerprint, and can let you in."
          : "Nobody here can let you in. You will be asked for as soon as a host comes."}
      </p>
      <p class="fine">You hear and see nothing of the call, and nothing of you is sent but your name.</p>
    </div>
  );
}

function hostOf(address: string): string {
  return URL.parse(address)?.host || address;
}

/** Marks when the lobby is first on the screen; the benchmark of the start reads the mark. */
function markPainted(): void {
  if (performance.getEntriesByName("sotto:lobby").length > 0) return;
  // The frame after the one that paints it.
  requestAnimationFrame(() => requestAnimationFrame(() => performance.mark("sotto:lobby")));
}
