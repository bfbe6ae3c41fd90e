import type { Actions, AlarmView } from "../call/view-state";
import { AlarmIcon } from "./icons";
import { ProblemText } from "./ProblemText";

/** What threatens the call's privacy: above everything else, until its user dismisses it. */
export function Alarms({ alarms, actions }: { readonly alarms: readonly AlarmView[]; readonly actions: Actions }) {
  if (alarms.length === 0) return null;
  return (
    <div class="alarms" role="alert" data-testid="alarms">
      {alarms.map((alarm) => (
        <section key={alarm.id} class="alarm" data-testid="alarm">
          <span class="alarm-sign">
            <AlarmIcon />
          </span>
          <ProblemText problem={alarm.problem} />
          <button
            type="button"
            class="button quiet"
            data-testid="alarm-dismiss"
            onClick={() => actions.dismissAlarm(alarm.id)}
          >
            I have read this
          </button>
        </section>
      ))}
    </div>
  );
}
