import { useEffect } from "preact/hooks";
import type { LevelSource } from "../call/levels";
import type { Actions, ViewState } from "../call/view-state";
import { Alarms } from "./Alarms";
import { CallScreen } from "./CallScreen";
import { AnotherPageDialog, ConsentDialog, ScreenPicker } from "./Dialogs";
import { ClosedPage, Connecting, LostPage, WaitForYesPage } from "./FullPage";
import { Lobby } from "./Lobby";
import { PathDialog, PathLostDialog } from "./PathDialogs";
import { listenForShortcuts } from "./shortcuts";
import { Toasts } from "./Toasts";

/** The whole page, from one value. */
export function App(props: { readonly view: ViewState; readonly level: LevelSource; readonly actions: Actions }) {
  const { view, actions } = props;
  const { kind } = view.phase;
  const newest = view.paths.at(-1);
  const lost = newest?.state.kind === "lost" && view.lossSetAside !== newest.number ? newest : null;
  useEffect(() => listenForShortcuts(window, kind, actions), [kind, actions]);
  return (
    <div class={`app phase-${kind}`} data-testid="app" data-phase={kind}>
      <Alarms alarms={view.alarms} actions={actions} />
      <Screen {...props} />
      {view.consentAsked && <ConsentDialog actions={actions} />}
      {view.sharing.picker && (
        <ScreenPicker sources={view.sharing.picker.sources} rate={view.sharing.rate} actions={actions} />
      )}
      {view.anotherPage && <AnotherPageDialog userAgent={view.anotherPage.userAgent} actions={actions} />}
      {view.call && view.pathAsked && <PathDialog path={view.pathAsked} call={view.call} actions={actions} />}
      {view.call && !view.pathAsked && lost && <PathLostDialog lost={lost} call={view.call} actions={actions} />}
      <Toasts toasts={view.toasts} actions={actions} />
    </div>
  );
}

function Screen({ view, level, actions }: Parameters<typeof App>[0]) {
  const { phase } = view;
  switch (phase.kind) {
    case "connecting":
      return <Connecting />;
    case "waiting-for-yes":
      return <WaitForYesPage />;
    case "lobby":
      return <Lobby view={view} level={level} actions={actions} />;
    case "call":
      return <CallScreen view={view} level={level} actions={actions} />;
    case "lost":
      return <LostPage inCall={phase.inCall} actions={actions} />;
    case "closed":
      return <ClosedPage problem={phase.problem} canReload={phase.canReload} actions={actions} />;
  }
}
