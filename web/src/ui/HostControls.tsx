import { useState } from "preact/hooks";
import type { Actions, CallState, Participant } from "../call/view-state";
import { Dialog } from "./Dialog";

/** What a host decides: the lock, and who waits behind it. */
export function HostControls({ call, actions }: { readonly call: CallState; readonly actions: Actions }) {
  const { rules, waiting, removed } = call;
  if (!rules.mayChange)
    return rules.locked ? (
      <p class="fine" data-testid="locked-note">
        This room is locked: a host lets people in.
      </p>
    ) : null;
  return (
    <section class="host-controls" aria-label="Host controls" data-testid="host-controls">
      <label class="switch-row">
        <input
          type="checkbox"
          data-testid="lock"
          checked={rules.locked}
          onChange={(event) => actions.setRules({ ...rules, locked: event.currentTarget.checked })}
        />
        <span>
          Lock this room
          <small>Nobody comes in whom no host lets in.</small>
        </span>
      </label>
      <label class="switch-row">
        <input
          type="checkbox"
          data-testid="members-switch-path"
          checked={rules.membersSwitchPath}
          onChange={(event) => actions.setRules({ ...rules, membersSwitchPath: event.currentTarget.checked })}
        />
        <span>
          Everyone may switch the path
          <small>Direct, hidden or relay, for the whole call.</small>
        </span>
      </label>
      {waiting.length > 0 && (
        <div data-testid="waiting-list">
          <h3>Waiting to come in</h3>
          <ul class="outsiders">
            {waiting.map((one) => (
              <li key={one.id} data-testid="waiting-person">
                <strong>{one.name}</strong>
                <code class="fingerprint">{one.fingerprint}</code>
                <span class="row-buttons">
                  <button
                    type="button"
                    class="button small"
                    data-testid="refuse"
                    onClick={() => actions.admit(one.id, false)}
                  >
                    Refuse
                  </button>
                  <button
                    type="button"
                    class="button small primary"
                    data-testid="admit"
                    onClick={() => actions.admit(one.id, true)}
                  >
                    Let in
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {removed.length > 0 && (
        <details data-testid="removed-list">
          <summary>Removed ({removed.length})</summary>
          <ul class="outsiders">
            {removed.map((one) => (
              <li key={one.id}>
                <strong>{one.name === "" ? "Somebody removed earlier" : one.name}</strong>
                <code class="fingerprint">{one.fingerprint}</code>
                <span class="row-buttons">
                  <button type="button" class="button small" onClick={() => actions.liftRemoval(one.id)}>
                    Allow again
                  </button>
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** What a host can do with one person in the call. */
export function PersonControls(props: {
  readonly call: CallState;
  readonly person: Participant;
  readonly actions: Actions;
}) {
  const { call, person, actions } = props;
  const [asking, setAsking] = useState(false);
  if (person.self || !call.rules.mayChange) return null;
  const mayRemove = !person.host || call.rules.mayNameHosts;
  return (
    <span class="row-buttons">
      {call.rules.mayNameHosts && (
        <button
          type="button"
          class="button small"
          data-testid="name-host"
          onClick={() => actions.nameHost(person.id, !person.host)}
        >
          {person.host ? "No longer host" : "Make host"}
        </button>
      )}
      {mayRemove && (
        <button type="button" class="button small" data-testid="remove" onClick={() => setAsking(true)}>
          Remove
        </button>
      )}
      {asking && (
        <Dialog title={`Remove ${person.name}?`} testId="remove-dialog" onCancel={() => setAsking(false)}>
          <p>The keys change at once: from then on {person.name} hears and sees nothing of this call.</p>
          <p class="fine">The same identity cannot come back until a host allows it again.</p>
          <div class="dialog-buttons">
            <button type="button" class="button" onClick={() => setAsking(false)}>
              Cancel
            </button>
            <button
              type="button"
              class="button primary"
              data-testid="confirm-remove"
              onClick={() => {
                setAsking(false);
                actions.removeParticipant(person.id);
              }}
            >
              Remove
            </button>
          </div>
        </Dialog>
      )}
    </span>
  );
}
