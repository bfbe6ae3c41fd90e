import type { Actions, CallState, PanelName } from "../call/view-state";
import { EyeIcon, LinkIcon, ShieldIcon, SottoMark } from "./icons";
import { PATH_CHIP } from "./path-words";

/** The line above the call: what protects it, how it travels, and its link. */
export function TopBar(props: {
  readonly call: CallState;
  readonly panel: PanelName | null;
  readonly actions: Actions;
}) {
  const { call, panel, actions } = props;
  return (
    <header class="top-bar">
      <div class="brand">
        <SottoMark />
        <span class="wordmark">sotto</span>
      </div>
      {call.server === "reconnecting" && (
        <p class="calm-note" role="status" data-testid="server-reconnecting">
          <span class="breath" aria-hidden="true" />
          <span class="long">The server is out of reach; looking for it again. Your call goes on.</span>
          <span class="short">Server away. Call goes on.</span>
        </p>
      )}
      <div class="top-actions">
        <button
          type="button"
          class="chip"
          aria-expanded={panel === "privacy"}
          data-testid="open-privacy"
          onClick={() => actions.togglePanel("privacy")}
        >
          <EyeIcon />
          <span class="chip-text">{PATH_CHIP[call.path]}</span>
        </button>
        <button
          type="button"
          class="chip"
          aria-expanded={panel === "safety"}
          data-testid="open-safety"
          onClick={() => actions.togglePanel("safety")}
        >
          <ShieldIcon />
          <span class="chip-text">Safety number</span>
        </button>
        <button type="button" class="chip" data-testid="copy-link" onClick={actions.copyLink}>
          <LinkIcon />
          <span class="chip-text">Copy link</span>
        </button>
      </div>
    </header>
  );
}
