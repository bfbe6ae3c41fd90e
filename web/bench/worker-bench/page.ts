/**
 * The benchmark's page, for whoever drives it: `await sottoBench.prepare(kind, bytes)`, then `await sottoBench.go()`
 * runs the round alone, so that the process' CPU time can be read before and after.
 */
import type { Answer, Kind, Question } from "./worker";

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

function ask(question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(question);
  });
}

Object.assign(globalThis, {
  sottoBench: {
    prepare: (kind: Kind, bytes: number) => ask({ prepare: { kind, bytes } }),
    /** Frames worked on, and the time from the first to the last one. */
    go: () => ask("go"),
  },
});
