import { beforeEach, describe, expect, it, vi } from "vitest";
import { ascii, type Bytes, concat, fromBase64Url, toBase64Url } from "../../src/worker/bytes";
import type { Socket } from "../../src/worker/channel";
import type { BackendToWorker, WorkerToBackend } from "../../src/worker/messages";
import type { WorkerToPage } from "../../src/worker/page-messages";
import type { EncodedFrame } from "../../src/worker/stream";
import { FrameWorker } from "../../src/worker/worker";
import {
  ALICE,
  Collector,
  commandBytes,
  commandsBytes,
  FakeFrame,
  FORGET_ALL,
  forgetBytes,
  HpkeSender,
  ManualClock,
  Seeded,
} from "./support";

/** The backend's end of the worker's socket. */
class Backend {
  readonly heard: WorkerToBackend[] = [];
  closed = false;
  subprotocols: readonly string[] = [];
  #sealer: HpkeSender | undefined;
  #sequence = 0;
  readonly socket = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: (text: string) => this.heard.push(JSON.parse(text)),
    close: () => {
      this.closed = true;
    },
  } as unknown as Socket & Record<"onopen" | "onmessage" | "onclose", (event?: unknown) => void>;

  say(message: BackendToWorker | string): void {
    this.socket.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  async hear<T extends WorkerToBackend["type"]>(type: T): Promise<Extract<WorkerToBackend, { type: T }>[]> {
    return vi.waitFor(() => {
      const found = this.heard.filter((message) => message.type === type);
      expect(found).not.toEqual([]);
      return found as Extract<WorkerToBackend, { type: T }>[];
    });
  }

  /** Opens the sealed channel as docs/protocol.md §9 says. */
  async open(): Promise<void> {
    this.socket.onopen();
    const [hello] = await this.hear("hello");
    const publicKey = fromBase64Url("key", hello?.publicKey ?? "");
    const session = new Uint8Array(16).fill(3);
    this.#sealer = await HpkeSender.setup(publicKey, concat(ascii("Sotto 1.0 worker channel"), session, publicKey));
    this.say({ type: "open", session: toBase64Url(session), enc: toBase64Url(this.#sealer.enc) });
  }

  async sealed(...commands: Bytes[]): Promise<BackendToWorker> {
    if (this.#sealer === undefined) throw new TypeError("not open");
    const sequence = this.#sequence++;
    const aad = new Uint8Array(8);
    aad[7] = sequence;
    const ciphertext = await this.#sealer.seal(aad, commandsBytes(...commands));
    return { type: "sealed", sequence, ciphertext: toBase64Url(ciphertext) };
  }

  async done(sequence: number): Promise<void> {
    await vi.waitFor(() => expect(this.heard).toContainEqual({ type: "done", sequence }));
  }
}

let clock: ManualClock;
let backend: Backend;
let toPage: WorkerToPage[];
let worker: FrameWorker;

beforeEach(() => {
  clock = new ManualClock();
  backend = new Backend();
  toPage = [];
  worker = new FrameWorker({
    clock,
    toPage: (message) => toPage.push(message),
    connect: (path, subprotocols) => {
      expect(path).toBe("/bridge/worker");
      backend.subprotocols = subprotocols;
      return backend.socket;
    },
  });
  worker.fromPage({ type: "connect", ticket: "t1" });
});

async function lost(): Promise<string> {
  return vi.waitFor(() => {
    const message = toPage.find(({ type }) => type === "lost");
    if (message?.type !== "lost") throw new Error("not lost yet");
    return message.reason;
  });
}

function attach(options: unknown) {
  const out = new Collector();
  const { readable, writable } = new TransformStream<EncodedFrame, EncodedFrame>();
  const writer = writable.getWriter();
  worker.attach({ options, readable, writable: out.writable, sendKeyFrameRequest: async () => undefined });
  return { out, write: (bytes: Bytes) => writer.write(new FakeFrame(bytes)) };
}

describe("the frame worker", () => {
  it("takes keys over the sealed channel and reports what it does with them", async () => {
    expect(backend.subprotocols).toEqual(["sotto.v1", "token.t1"]);
    await backend.open();
    backend.say(await backend.sealed(commandBytes("install-send", { keyId: 1, track: "camera" })));
    await backend.done(0);
    expect(toPage).toContainEqual({ type: "ready" });
    const next = commandBytes("install-send", { keyId: 2, track: "camera", epoch: 2, switchAfterMs: 300 });
    backend.say(await backend.sealed(next, forgetBytes(99)));
    await backend.done(1);
    expect(await backend.hear("switched")).toHaveLength(1);
    clock.advance(300);
    expect((await backend.hear("switched")).map(({ keyId }) => keyId)).toEqual([1, 2]);
    expect(backend.closed).toBe(false);
  });

  it("encrypts for one page and decrypts for another, and counts", async () => {
    await backend.open();
    const keys = ["install-send", "install-receive"] as const;
    backend.say(await backend.sealed(...keys.map((kind, keyId) => commandBytes(kind, { keyId, track: "microphone" }))));
    await backend.done(0);
    const up = attach({ direction: "send", stream: 0, track: "microphone" });
    const down = attach({ direction: "receive", stream: 1, track: "microphone", participant: ALICE });
    const frame = new Seeded(1).bytes(60);
    await up.write(frame);
    const wire = await vi.waitFor(() => up.out.frames[0] ?? Promise.reject(new Error("not yet")));
    // One byte of header: leaf 0, microphone, epoch 1 and counter 0 fit in it.
    expect(wire).toHaveLength(2 * (60 + 1 + 16));
    await down.write(Uint8Array.from(wire.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
    await vi.waitFor(() => expect(down.out.frames).toHaveLength(1));
    clock.advance(1000);
    expect(toPage.at(-1)).toMatchObject({
      type: "stats",
      streams: [
        { stream: 0, direction: "send", seen: 1, passed: 1 },
        { stream: 1, direction: "receive", participant: ALICE, seen: 1, passed: 1 },
      ],
    });
    const told = JSON.stringify(toPage);
    expect(told).not.toContain(toBase64Url(new Uint8Array(32).fill(7)));
    expect(told).not.toContain("7,7,7,7");
  });

  it("stops at once when its backend is gone, for good", async () => {
    await backend.open();
    backend.say(await backend.sealed(commandBytes("install-send", { keyId: 1, track: "microphone" })));
    await backend.done(0);
    const { out, write } = attach({ direction: "send", stream: 0, track: "microphone" });
    backend.socket.onclose();
    backend.say(await backend.sealed(commandBytes("install-send", { keyId: 2, track: "microphone" })));
    for (let i = 0; i < 10; i++) await write(new Uint8Array(50));
    await lost();
    worker.fromPage({ type: "stats" });
    expect(toPage.at(-1)).toMatchObject({ streams: [{ passed: 0, dropped: { "no-key": 10 } }] });
    expect(out.frames).toEqual([]);
  });

  it.each([
    [
      "a gap in the sequence",
      async () => [await backend.sealed(FORGET_ALL), await backend.sealed(FORGET_ALL)].slice(1),
    ],
    ["a replay", async () => Array(2).fill(await backend.sealed(FORGET_ALL)) as BackendToWorker[]],
    ["unknown commands", async () => [await backend.sealed(Uint8Array.of(9))]],
    [
      "a key id that came before",
      async () => [await backend.sealed(commandBytes("install-send", { keyId: 1, track: "camera" }))],
    ],
    ["something that is not sealed to it", async () => [{ type: "sealed", sequence: 1, ciphertext: "AAAA" } as const]],
    ["what is no message", async () => ["{}"]],
    ["a second opening", async () => [{ type: "open", session: ALICE, enc: "A".repeat(43) } as const]],
  ])("gives up all keys after %s", async (_, messages) => {
    await backend.open();
    backend.say(await backend.sealed(commandBytes("install-send", { keyId: 1, track: "microphone" })));
    await backend.done(0);
    const { out, write } = attach({ direction: "send", stream: 0, track: "microphone" });
    for (const message of await messages()) backend.say(message);
    await lost();
    expect(backend.closed).toBe(true);
    await write(new Uint8Array(50));
    await write(new Uint8Array(50));
    expect(out.frames).toEqual([]);
  });

  it("lets nothing through a transform whose options it does not understand", async () => {
    const streams = [
      {},
      undefined,
      { direction: "send", stream: 0, track: "telepathy" },
      { direction: "receive", stream: 1, track: "camera" },
      { direction: "both", stream: 1, track: "camera", participant: ALICE },
    ].map(attach);
    for (const { out, write } of streams) {
      void write(new Uint8Array(50)).catch(() => undefined);
      expect(out.frames).toEqual([]);
    }
    worker.fromPage({ type: "stats" });
    expect(toPage.at(-1)).toEqual({ type: "stats", streams: [] });
  });

  it("answers the page's heartbeat and ignores what is no message", () => {
    for (const nonsense of [undefined, null, 7, "ping", { type: "eval" }, { type: "rebind" }])
      worker.fromPage(nonsense);
    expect(toPage).toEqual([]);
    worker.fromPage({ type: "ping" });
    expect(toPage).toEqual([{ type: "pong" }]);
  });
});
