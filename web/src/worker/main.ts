/**
 * Entry point of the frame worker, the only place outside of the backend where frame keys live. It imports nothing but
 * its own folder and has no network but its socket to the local backend.
 */
import { systemClock } from "./clock";
import type { WorkerToPage } from "./page-messages";
import type { Transformer } from "./stream";
import { FrameWorker } from "./worker";

/** The part of DedicatedWorkerGlobalScope that is used here; the compiler knows the page's scope only. */
interface WorkerScope {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onrtctransform: ((event: { readonly transformer: Transformer }) => void) | null;
  postMessage(message: WorkerToPage): void;
}

const scope = globalThis as unknown as WorkerScope;

const worker = new FrameWorker({
  clock: systemClock,
  toPage: (message) => scope.postMessage(message),
  connect(path, subprotocols) {
    const url = new URL(path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return new WebSocket(url, [...subprotocols]);
  },
});

scope.onmessage = ({ data }) => worker.fromPage(data);
scope.onrtctransform = ({ transformer }) => worker.attach(transformer);
