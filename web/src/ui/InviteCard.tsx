import type { Actions } from "../call/view-state";
import { CopyIcon } from "./icons";

/** Shown while nobody else is there: the link, and how to send it. */
export function InviteCard({ link, actions }: { readonly link: string; readonly actions: Actions }) {
  return (
    <section class="invite" data-testid="invite">
      <h2>Nobody else is here yet</h2>
      <p>Send this link to the people you want to talk with. Whoever has it can come in.</p>
      <div class="link-row">
        <output class="link-text" data-testid="room-link" title={link}>
          {link}
        </output>
        <button type="button" class="button primary" data-testid="copy-invite" onClick={actions.copyLink}>
          <CopyIcon /> Copy link
        </button>
      </div>
      <p class="fine">
        The link carries a secret, so send it through something you trust. Everyone who comes in is listed under People;
        nobody can listen without being listed.
      </p>
    </section>
  );
}
