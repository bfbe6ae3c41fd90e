import type { Actions, CallState } from "../call/view-state";
import { Panel } from "./Panel";

/** The group's safety number and how to compare it. */
export function SafetyPanel({ call, actions }: { readonly call: CallState; readonly actions: Actions }) {
  return (
    <Panel title="Safety number" testId="safety-panel" actions={actions}>
      {call.safetyNumber === null ? (
        <p class="lead" data-testid="safety-none">
          {call.participants.length > 1
            ? "The number is being made; it appears in a moment."
            : "There is nothing to compare while you are alone here. The number appears with the first other person."}
        </p>
      ) : (
        <>
          <p class="lead">
            If everyone in the call sees the same number, nobody stands between you, and exactly the people on your list
            are here.
          </p>
          <SafetyNumber digits={call.safetyNumber} />
          <h3>How to compare</h3>
          <ol class="steps">
            <li>One of you reads the first row aloud; the others follow on their own screens. Then the next row.</li>
            <li>
              Do it where you would notice a stranger: side by side, or by a voice and face that you know well. If that
              could be faked, send the number over another app that you trust.
            </li>
            <li>Compare again when somebody has come or gone: the number changes then, for everyone.</li>
          </ol>
          <h3>If it differs</h3>
          <p>
            Say nothing that matters. Leave, make a new room and send its link another way. A moment after somebody came
            or went, look again first: a screen may have been a second behind.
          </p>
          <p class="fine">Comparing is up to you; the call is encrypted either way.</p>
        </>
      )}
    </Panel>
  );
}

/** 60 digits as twelve groups of five. */
export function SafetyNumber({ digits }: { readonly digits: string }) {
  const groups = digits.replace(/\D/g, "").match(/\d{5}/g) ?? [];
  return (
    <output class="safety-number" data-testid="safety-number" aria-label={`Safety number ${groups.join(", ")}`}>
      {groups.map((group, index) => (
        <span key={index}>{group}</span>
      ))}
    </output>
  );
}
