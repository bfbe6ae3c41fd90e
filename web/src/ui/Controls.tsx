import type { ComponentChildren } from "preact";

/** A round button with an icon; the label is its tooltip and its name for screen readers. */
export function RoundButton(props: {
  readonly label: string;
  readonly shortcut?: string;
  readonly pressed?: boolean;
  readonly tone?: "plain" | "off" | "active" | "danger";
  readonly testId: string;
  readonly badge?: string | undefined;
  readonly caption?: string;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}) {
  const title = props.shortcut ? `${props.label} (${props.shortcut})` : props.label;
  return (
    <button
      type="button"
      class={`round ${props.tone ?? "plain"}`}
      title={title}
      aria-label={props.label}
      aria-keyshortcuts={props.shortcut}
      aria-pressed={props.pressed}
      data-testid={props.testId}
      onClick={props.onPress}
    >
      <span class="round-face">
        {props.children}
        {props.badge !== undefined && <span class="badge">{props.badge}</span>}
      </span>
      {props.caption !== undefined && <span class="round-caption">{props.caption}</span>}
    </button>
  );
}
