import type { ComponentChildren } from "preact";
import type { Actions, CallState, ViewState } from "../call/view-state";
import { Panel } from "./Panel";
import { PathControl } from "./PathControl";

/** In plain words: who can see what in this call. Says no more than what holds. */
export function WhoSeesWhatPanel(props: {
  readonly view: ViewState;
  readonly call: CallState;
  readonly actions: Actions;
}) {
  const { call, view } = props;
  const direct = call.path === "direct";
  const relayed = call.path === "relay";
  // While the call moves, both ways are in use, and what either shows is shown.
  const shown = direct || view.paths.some(({ path, state }) => path === "direct" && state.kind === "open");
  const others = relayed ? "the relay" : "the TURN server";
  const server = hostOf(view.welcome?.server ?? call.link);
  const helpers = call.iceServers.map((ice) => ice.url);
  return (
    <Panel title="Who can see what" testId="privacy-panel" actions={props.actions}>
      <p class="lead">
        Pictures and voices are encrypted on your computer and opened on the computers of the people on your list.
      </p>
      <PathControl call={call} actions={props.actions} />
      <Party
        who="The people in this call"
        sees={[
          "What you show and say, while camera, microphone or screen are on",
          "Your name and your fingerprint",
          shown && "Your IP address: your computers talk straight to each other",
        ]}
        not={[!shown && `Your IP address: everything goes through ${others}`]}
      >
        They can record what they see. No app can prevent that.
      </Party>
      <Party
        who={`The server, ${server}`}
        sees={["Your IP address, when you come and go, how many are in the room", "Size and time of sealed messages"]}
        not={["Names, pictures, voices, who shares or mutes", "The link’s secret, any key"]}
      >
        It can cut off the call. It can’t add a listener unseen.
      </Party>
      {relayed && (
        <Party
          who="The relay"
          sees={[
            "IP addresses of everyone in the call, under random names that are new each time",
            "How much each one sends, when, and whether it is a camera, a microphone or a screen",
          ]}
          not={["Names, pictures, voices, who is who in the room, any key"]}
        />
      )}
      {helpers.length > 0 && !relayed && (
        <Party
          who={`Connection helpers: ${helpers.join(", ")}`}
          sees={[
            "Your IP address",
            direct
              ? "If a direct way fails and they carry the call: how much is sent, and when"
              : "They carry the call, so: everyone’s IP address, how much is sent, and when",
          ]}
          not={["Names, pictures, voices, any key"]}
        />
      )}
      <Party
        who="Your network and its provider"
        sees={[
          direct
            ? "That you use this server, and exchange encrypted data with the others’ addresses: how much, and when"
            : `That you use this server, and exchange encrypted data with ${others}: how much, and when`,
        ]}
        not={["Names, pictures, voices, any key"]}
      />
      <Party who="Whoever gets the link" sees={["Nothing, until they come in"]} not={[]}>
        Then they are on your list, and everyone sees it. To shut somebody out, make a new room. If the server itself
        got hold of the link, it could also read names and network addresses; still no picture, no voice.
      </Party>
      <Party who="Everybody else" sees={[]} not={["Nobody else sees or hears anything of this call"]} />
      <p class="fine">
        Not covered: someone who already controls one of the computers, or looks over a shoulder. Compare the safety
        number to be sure that the people are who they say.
      </p>
    </Panel>
  );
}

function Party(props: {
  readonly who: string;
  readonly sees: readonly (string | false)[];
  readonly not: readonly (string | false)[];
  readonly children?: ComponentChildren;
}) {
  const sees = props.sees.filter((line) => line !== false);
  const not = props.not.filter((line) => line !== false);
  return (
    <section class="party">
      <h3>{props.who}</h3>
      <ul class="sees">
        {sees.map((line) => (
          <li key={line} class="yes">
            <span class="hidden">Sees: </span>
            {line}
          </li>
        ))}
        {not.map((line) => (
          <li key={line} class="no">
            <span class="hidden">Does not see: </span>
            {line}
          </li>
        ))}
      </ul>
      {props.children && <p class="fine">{props.children}</p>}
    </section>
  );
}

function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address;
}
