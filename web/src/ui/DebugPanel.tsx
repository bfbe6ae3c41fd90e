import type { Actions, StreamStats, ViewState } from "../call/view-state";
import { Panel } from "./Panel";

/** Numbers of every stream, for support. */
export function DebugPanel({ view, actions }: { readonly view: ViewState; readonly actions: Actions }) {
  const sent = view.stats.filter((stream) => stream.direction === "send");
  const received = view.stats.filter((stream) => stream.direction === "receive");
  return (
    <Panel title="Connection details" testId="debug-panel" wide actions={actions}>
      <dl class="facts">
        <dt>App</dt>
        <dd>{view.welcome?.app ?? "–"}</dd>
        <dt>Server</dt>
        <dd>
          {view.welcome?.server ?? "–"}, {view.call?.server ?? "–"}
        </dd>
        <dt>Path</dt>
        <dd>{view.call?.path ?? "–"}</dd>
        <dt>Key epoch</dt>
        <dd data-testid="epoch">{view.call?.epoch ?? "–"}</dd>
        <dt>Frame worker</dt>
        <dd>{view.workerAway ? "being replaced" : "running"}</dd>
      </dl>
      <StreamTable title="Received" streams={received} />
      <StreamTable title="Sent" streams={sent} />
      {view.stats.length === 0 && <p class="fine">No stream yet.</p>}
    </Panel>
  );
}

function StreamTable({ title, streams }: { readonly title: string; readonly streams: readonly StreamStats[] }) {
  if (streams.length === 0) return null;
  const receiving = streams[0]?.direction === "receive";
  return (
    <div class="stream-table">
      <table data-testid={receiving ? "streams-received" : "streams-sent"}>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{receiving ? "From" : "To"}</th>
            <th scope="col">Rate</th>
            <th scope="col">Picture</th>
            <th scope="col">{receiving ? "Decoded / arrived" : "Way"}</th>
            <th scope="col">{receiving ? "Lost" : "Round trip"}</th>
            {receiving && <th scope="col">Freezes</th>}
          </tr>
        </thead>
        <tbody>
          {streams.map((stream) => (
            <tr key={`${stream.participant} ${stream.track}`}>
              <th scope="row">
                {stream.name}
                <small>{stream.track}</small>
              </th>
              <td>{rate(stream.bitsPerSecond)}</td>
              <td>
                {stream.width !== null && stream.height !== null ? `${stream.width}×${stream.height}` : "–"}
                {stream.framesPerSecond !== null && <small>{stream.framesPerSecond.toFixed(0)}/s</small>}
              </td>
              <td>
                {receiving ? `${stream.framesDecoded ?? "–"} / ${stream.framesSeen ?? "–"}` : (stream.route ?? "–")}
              </td>
              <td>
                {receiving
                  ? (stream.packetsLost ?? "–")
                  : stream.roundTripMs === null
                    ? "–"
                    : `${stream.roundTripMs.toFixed(0)} ms`}
              </td>
              {receiving && <td>{stream.freezes ?? "–"}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rate(bitsPerSecond: number | null): string {
  if (bitsPerSecond === null) return "–";
  return bitsPerSecond >= 1e6 ? `${(bitsPerSecond / 1e6).toFixed(1)} Mb/s` : `${(bitsPerSecond / 1e3).toFixed(0)} kb/s`;
}
