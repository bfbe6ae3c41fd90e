import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Actions } from "../call/view-state";
import { CloseIcon } from "./icons";

/** A sheet beside the call; on a narrow window it lies over it. */
export function Panel(props: {
  readonly title: string;
  readonly testId: string;
  readonly wide?: boolean;
  readonly actions: Actions;
  readonly children: ComponentChildren;
}) {
  const heading = useId();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: true }), []);
  return (
    <aside class={props.wide ? "panel wide" : "panel"} aria-labelledby={heading} data-testid={props.testId}>
      <header class="panel-head">
        <h2 id={heading} ref={title} tabIndex={-1}>
          {props.title}
        </h2>
        <button
          type="button"
          class="bare"
          aria-label="Close"
          title="Close (Esc)"
          data-testid="close-panel"
          onClick={props.actions.closePanel}
        >
          <CloseIcon />
        </button>
      </header>
      <div class="panel-body">{props.children}</div>
    </aside>
  );
}
