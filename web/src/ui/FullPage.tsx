import type { ComponentChildren } from "preact";
import type { Actions, Problem } from "../call/view-state";
import { SottoMark } from "./icons";
import { ProblemText } from "./ProblemText";

function FullPage(props: { readonly testId: string; readonly alert?: boolean; readonly children: ComponentChildren }) {
  return (
    <main class="full-page" role={props.alert ? "alert" : undefined} data-testid={props.testId}>
      <div class="full-page-words">
        <SottoMark />
        {props.children}
      </div>
    </main>
  );
}

/** The page has loaded and waits for its backend. */
export function Connecting() {
  return (
    <FullPage testId="connecting">
      <p class="breathing" role="status">
        Connecting to Sotto on this computer…
      </p>
    </FullPage>
  );
}

/** Another page of this profile is open and has to let this one in. */
export function WaitForYesPage() {
  return (
    <FullPage testId="wait-for-yes">
      <h1>Sotto is already open</h1>
      <p class="breathing" role="status">
        The other Sotto page on this computer is asking whether this one may take its place. Answer there.
      </p>
      <p class="fine">
        Only one page at a time can use your identity and your keys. Nothing is shown here before the yes.
      </p>
    </FullPage>
  );
}

/** The backend is gone. */
export function LostPage({ inCall, actions }: { readonly inCall: boolean; readonly actions: Actions }) {
  return (
    <FullPage testId="lost" alert>
      <h1>{inCall ? "The call has ended on this computer" : "Sotto has stopped"}</h1>
      <p>The part of Sotto that holds your keys is no longer running.</p>
      <p>
        {inCall
          ? "Camera, microphone and screen were switched off. Nothing was sent unencrypted: without keys nothing leaves this page."
          : "Nothing was sent."}
      </p>
      <p>Start Sotto again. {inCall && "The room’s link still works; the others are not affected."}</p>
      <button type="button" class="button" data-testid="reload" onClick={actions.reload}>
        Look for Sotto again
      </button>
    </FullPage>
  );
}

/** The backend has said why this page can't go on, or this browser can't. */
export function ClosedPage(props: {
  readonly problem: Problem;
  readonly canReload: boolean;
  readonly actions: Actions;
}) {
  return (
    <FullPage testId="closed" alert>
      <h1>This page can’t go on</h1>
      <ProblemText problem={props.problem} />
      {props.canReload && (
        <button type="button" class="button" data-testid="reload" onClick={props.actions.reload}>
          Try again
        </button>
      )}
    </FullPage>
  );
}
