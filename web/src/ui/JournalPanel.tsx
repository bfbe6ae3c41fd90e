import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Actions, JournalEntry } from "../call/view-state";
import { Panel } from "./Panel";

/** The key journal, live: the newest at the bottom, and it stays there unless its reader scrolls up. */
export function JournalPanel(props: { readonly entries: readonly JournalEntry[]; readonly actions: Actions }) {
  const [words, setWords] = useState("");
  const [event, setEvent] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const events = useMemo(() => [...new Set(props.entries.map((entry) => entry.event))], [props.entries]);
  const shown = useMemo(
    () => props.entries.filter((entry) => (event === null || entry.event === event) && matches(entry, words)),
    [props.entries, words, event],
  );
  useEffect(() => {
    if (list.current && following.current) list.current.scrollTop = list.current.scrollHeight;
  }, [shown]);
  return (
    <Panel title="Key journal" testId="journal-panel" wide actions={props.actions}>
      <p class="lead">Every key of this app run: when it was made, used and destroyed. Key ids only, never a key.</p>
      <div class="journal-filter">
        <input
          type="search"
          class="field"
          placeholder="Filter by person, track, key id…"
          aria-label="Filter"
          value={words}
          data-testid="journal-filter"
          onInput={(change) => setWords(change.currentTarget.value)}
        />
        <fieldset class="filter-chips">
          <legend class="hidden">Event</legend>
          <EventChip name="all" chosen={event === null} onChoose={() => setEvent(null)} />
          {events.map((name) => (
            <EventChip key={name} name={name} chosen={event === name} onChoose={() => setEvent(name)} />
          ))}
        </fieldset>
      </div>
      <ol
        class="journal"
        ref={list}
        data-testid="journal"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
        onScroll={(scroll) => {
          const box = scroll.currentTarget;
          following.current = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
        }}
      >
        {shown.map((entry) => (
          <li key={entry.number} class={`journal-entry event-${eventTone(entry.event)}`} data-testid="journal-entry">
            <time dateTime={new Date(entry.time).toISOString()}>{timeOfDay(entry.time)}</time>
            <span class="journal-event">{entry.event}</span>
            <code>{entry.key}</code>
            <span class="journal-detail">{entry.detail}</span>
          </li>
        ))}
      </ol>
      <p class="fine" role="status">
        {props.entries.length === 0 ? "No key event yet." : `${shown.length} of ${props.entries.length} events shown.`}
      </p>
    </Panel>
  );
}

function EventChip(props: { readonly name: string; readonly chosen: boolean; readonly onChoose: () => void }) {
  return (
    <button type="button" class="filter-chip" aria-pressed={props.chosen} onClick={props.onChoose}>
      {props.name}
    </button>
  );
}

/** True if each word stands somewhere in the entry. */
function matches(entry: JournalEntry, words: string): boolean {
  const text = `${entry.number} ${entry.event} ${entry.key} ${entry.detail}`.toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function eventTone(event: string): "birth" | "use" | "end" {
  if (event === "made" || event === "derived") return "birth";
  return event === "destroyed" ? "end" : "use";
}

function timeOfDay(time: number): string {
  const date = new Date(time);
  const two = (value: number) => `${value}`.padStart(2, "0");
  const milliseconds = `${date.getMilliseconds()}`.padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}
