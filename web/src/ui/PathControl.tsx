import type { Actions, CallState, Path } from "../call/view-state";
import { PATH_WORDS, PATHS } from "./path-words";

/** The ways a call can take, one sentence each. */
export function PathChoice(props: {
  readonly legend: string;
  readonly name: string;
  readonly chosen: Path;
  readonly disabled?: (path: Path) => string | null;
  readonly onChoose: (path: Path) => void;
}) {
  return (
    <fieldset class="paths" data-testid={props.name}>
      <legend>{props.legend}</legend>
      {PATHS.map((path) => {
        const why = props.disabled?.(path) ?? null;
        return (
          <label key={path} class="path" data-path={path}>
            <input
              type="radio"
              name={props.name}
              value={path}
              checked={props.chosen === path}
              disabled={why !== null}
              onChange={() => props.onChoose(path)}
            />
            <span>
              <b>{PATH_WORDS[path].name}</b>
              <small>{why ?? PATH_WORDS[path].means}</small>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

/** In the call: which way it takes, and, for those who may, another one. */
export function PathControl({ call, actions }: { readonly call: CallState; readonly actions: Actions }) {
  if (!call.maySetPath) {
    return (
      <p class="fine" data-testid="path-fixed">
        This call’s way: <b>{PATH_WORDS[call.path].name}</b>. {PATH_WORDS[call.path].means} Only its hosts can change
        it.
      </p>
    );
  }
  const turn = call.iceServers.some(({ url }) => /^turns?:/.test(url));
  return (
    <PathChoice
      legend="How this call travels, for everyone in it"
      name="path-control"
      chosen={call.path}
      disabled={(path) => {
        if (path === call.path) return null;
        if (path === "relay" && !call.relayOffered) return "This server has no relay now.";
        if (path === "hidden" && !turn) return "This server names no TURN server.";
        return null;
      }}
      onChoose={(path) => actions.askPath(path)}
    />
  );
}
