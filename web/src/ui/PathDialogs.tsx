import {
  DIRECT_UNREACHABLE,
  NO_TRANSFORMS,
  RELAY_BLOCKED,
  RELAY_UNREACHABLE,
  TURN_UNREACHABLE,
} from "../call/problems";
import type { Actions, CallState, Path, PathView, Problem } from "../call/view-state";
import { Dialog } from "./Dialog";
import { ProblemText } from "./ProblemText";
import { PATH_WORDS } from "./path-words";

/** Before the call takes another way: what changes for whom. */
export function PathDialog(props: { readonly path: Path; readonly call: CallState; readonly actions: Actions }) {
  const { path, actions } = props;
  const cancel = () => actions.askPath(null);
  return (
    <Dialog title={`${TITLES[path]}?`} testId="path-dialog" onCancel={cancel}>
      <p>{path === "direct" ? <Shows call={props.call} /> : PATH_WORDS[path].means}</p>
      <p class="fine">
        Everyone in the call moves along. It goes on while it moves, with the same keys, and stays encrypted from end to
        end.
      </p>
      <div class="dialog-buttons">
        <button type="button" class="button" data-testid="path-no" onClick={cancel}>
          Stay
        </button>
        <button type="button" class="button primary" data-testid="path-yes" onClick={() => actions.setPath(path)}>
          {path === "direct" ? "Yes, show addresses and switch" : "Switch"}
        </button>
      </div>
    </Dialog>
  );
}

const TITLES: Record<Path, string> = {
  direct: "Switch to direct",
  relay: "Switch to the relay",
  hidden: "Hide addresses",
};

/** The call's way can't be opened, or is lost. Nothing else happens by itself. */
export function PathLostDialog(props: {
  readonly lost: PathView;
  readonly call: CallState;
  readonly actions: Actions;
}) {
  const { lost, call, actions } = props;
  const wait = () => actions.setAsideLoss();
  return (
    <Dialog title={LOST_TITLES[lost.path]} testId="path-lost" onCancel={wait}>
      <ProblemText problem={problemOf(lost)} />
      {lost.path === "direct" ? null : call.maySetPath ? (
        <p>
          <Shows call={call} />
        </p>
      ) : (
        <p>Only a host of this call can switch it to another way.</p>
      )}
      <div class="dialog-buttons">
        <button type="button" class="button primary" data-testid="path-wait" onClick={wait}>
          Keep waiting
        </button>
        {call.maySetPath && lost.path !== "direct" && (
          <button type="button" class="button" data-testid="path-direct" onClick={() => actions.setPath("direct")}>
            Show addresses and go direct
          </button>
        )}
      </div>
    </Dialog>
  );
}

const LOST_TITLES: Record<Path, string> = {
  direct: "No direct way",
  relay: "No way through the relay",
  hidden: "No way that hides addresses",
};

const UNREACHABLE: Record<Path, Problem> = {
  direct: DIRECT_UNREACHABLE,
  relay: RELAY_UNREACHABLE,
  hidden: TURN_UNREACHABLE,
};

/** What direct shows, and to whom. */
function Shows({ call }: { readonly call: CallState }) {
  const others = call.participants.filter((person) => !person.self).map((person) => person.name);
  const whom =
    others.length === 0
      ? "whoever comes into this call"
      : others.length === 1
        ? (others[0] ?? "")
        : `${others.slice(0, -1).join(", ")} and ${others.at(-1) ?? ""}`;
  return (
    <>
      Direct calls go straight between the computers: your IP address is shown to <b>{whom}</b>, and theirs to you. It
      can tell roughly where each of you is. Whoever comes in later sees it too.
    </>
  );
}

function problemOf({ path, state }: PathView): Problem {
  if (state.kind !== "lost") return UNREACHABLE[path];
  switch (state.reason.kind) {
    case "refused":
      return state.reason.problem;
    case "blocked":
      return RELAY_BLOCKED;
    case "no-transforms":
      return NO_TRANSFORMS;
    case "unreachable":
      return UNREACHABLE[path];
  }
}
