import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ascii, type Bytes, concat, fromBase64Url, toBase64Url } from "../../src/worker/bytes";
import { compiled } from "./compiled";
import type { PageApi } from "./media-page";
import { type MediaServer, type SocketConnection, startServer } from "./media-server.mjs";
import { commandBytes, commandsBytes, HpkeSender, Seeded } from "./support";

const PAGE = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
const POLICY = "default-src 'self'; media-src 'self' blob:; require-trusted-types-for 'script'; trusted-types sotto";
const WAIT = { timeout: 15_000, interval: 100 };

/** The backend's end of one worker's sealed channel. */
class Channel {
  #sequence = 0;

  constructor(
    readonly socket: SocketConnection,
    readonly sealer: HpkeSender,
  ) {}

  async send(...commands: Bytes[]): Promise<void> {
    const aad = new Uint8Array(8);
    aad[7] = this.#sequence;
    const ciphertext = toBase64Url(await this.sealer.seal(aad, commandsBytes(...commands)));
    this.socket.send(JSON.stringify({ type: "sealed", sequence: this.#sequence++, ciphertext }));
  }
}

let server: MediaServer;
let browser: Browser;
let page: Page;
const channels = new Map<string, Channel>();

beforeAll(async () => {
  const files = new Map([
    ["/", PAGE],
    ["/page.js", await compiled("test/worker/media-page.ts")],
    ["/frame-worker.js", await compiled("src/worker/main.ts")],
  ]);
  server = await startServer(files, POLICY, (socket) => {
    const ticket = socket.subprotocols[1]?.replace("token.", "") ?? "";
    socket.onText = async (text) => {
      const message = JSON.parse(text);
      if (message.type !== "hello") return;
      const publicKey = fromBase64Url("key", message.publicKey);
      const session = new Uint8Array(16);
      const sealer = await HpkeSender.setup(publicKey, concat(ascii("Sotto 1.0 worker channel"), session, publicKey));
      channels.set(ticket, new Channel(socket, sealer));
      socket.send(JSON.stringify({ type: "open", session: toBase64Url(session), enc: toBase64Url(sealer.enc) }));
    };
  });
  browser = await chromium.launch({
    executablePath: (import.meta.env.SOTTO_CHROMIUM as string | undefined) ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  await page.goto(server.origin);
  await call((api) => api.start());
});

afterEach(() => page.close());

function call<T>(what: (api: PageApi) => T | Promise<T>): Promise<T> {
  return page.evaluate(`(${what})(globalThis.api)`) as Promise<T>;
}

const measure = () => call((api) => api.measure());
type Measured = Awaited<ReturnType<typeof measure>>;

/** The first measurement for which the expectations hold. */
function until(expectations: (measured: Measured) => void): Promise<Measured> {
  return vi.waitFor(async () => {
    const measured = await measure();
    expectations(measured);
    return measured;
  }, WAIT);
}

/** Keys of one epoch for both tracks, as commands for A or B. */
function keys(kind: "install-send" | "install-receive", epoch: number, switchAfterMs = 0): Bytes[] {
  return (["camera", "microphone"] as const).map((track, index) => {
    const random = new Seeded(100 * epoch + index);
    const keyId = 10 * epoch + index;
    return commandBytes(kind, { keyId, track, epoch, switchAfterMs, raw: random.bytes(32), salt: random.bytes(12) });
  });
}

function give(ticket: "a" | "b", commands: Bytes[]): Promise<void> {
  const channel = channels.get(ticket);
  if (channel === undefined) throw new Error(`no channel ${ticket}`);
  return channel.send(...commands);
}

describe("real media through two frame workers", () => {
  it("arrives decrypted where the keys are", async () => {
    await give("a", keys("install-send", 1));
    await give("b", keys("install-receive", 1));
    await call((api) => api.connect());
    const { b, events } = await until(({ framesDecoded, tone, elsewhere }) => {
      expect(framesDecoded).toBeGreaterThan(20);
      expect(tone).toBeGreaterThan(150);
      expect(elsewhere).toBeLessThan(100);
    });
    for (const stream of b) expect(stream.dropped).toMatchObject({ forged: 0, foreign: 0, malformed: 0, late: 0 });
    expect(events).toEqual([]);
  });

  it("arrives as nothing where the keys are not", async () => {
    await give("a", keys("install-send", 1));
    await call((api) => api.connect());
    // Chromium counts a video frame as received once the transform has let it go.
    const measured = await until(({ b }) => {
      expect(b).toHaveLength(2);
      for (const stream of b) expect(stream.dropped.late).toBeGreaterThan(30);
    });
    expect(measured.packets).toBeGreaterThan(60);
    expect(measured.framesReceived).toBe(0);
    expect(measured.framesDecoded).toBe(0);
    expect(measured.tone).toBe(0);
  });

  it("does not leave without a send key", async () => {
    await call((api) => api.connect());
    const measured = await until(({ a }) => {
      for (const stream of a) expect(stream.dropped["no-key"]).toBeGreaterThan(20);
    });
    expect(measured.framesReceived).toBe(0);
    for (const stream of [...measured.a, ...measured.b]) expect(stream.passed).toBe(0);
  });

  it("stops with the sender's worker", async () => {
    await give("a", keys("install-send", 1));
    await give("b", keys("install-receive", 1));
    await call((api) => api.connect());
    await until(({ framesDecoded }) => expect(framesDecoded).toBeGreaterThan(10));
    await call((api) => api.closeA());
    // What is on the way may still arrive; after that, the receiver's transforms see nothing in three measured seconds.
    await page.waitForTimeout(500);
    const before = await measure();
    await page.waitForTimeout(3000);
    const after = await measure();
    expect(after.b.map(({ seen }) => seen)).toEqual(before.b.map(({ seen }) => seen));
    expect(after.framesReceived).toBe(before.framesReceived);
  });

  it("does not leave once the sender's worker is killed, and the page is told", async () => {
    await give("a", keys("install-send", 1));
    await give("b", keys("install-receive", 1));
    await call((api) => api.connect());
    await until(({ framesDecoded }) => expect(framesDecoded).toBeGreaterThan(10));
    await call((api) => api.killA());
    // What is on the way may still arrive.
    await page.waitForTimeout(500);
    const before = await call((api) => api.flow());
    await vi.waitFor(async () => {
      const { events } = await call((api) => api.flow());
      expect(events).toEqual(["died: the worker does not answer"]);
    }, WAIT);
    await page.waitForTimeout(1000);
    const after = await call((api) => api.flow());
    // A's encoder went on, and nothing of what it made came to B: neither sealed nor in the clear.
    expect(after.encoded).toBeGreaterThan(before.encoded);
    expect(after.seen).toEqual(before.seen);
    expect(after.received).toBe(before.received);
  });

  it("is not shown once the receiver's worker is killed, and the page is told", async () => {
    await give("a", keys("install-send", 1));
    await give("b", keys("install-receive", 1));
    await call((api) => api.connect());
    await until(({ framesDecoded, tone }) => {
      expect(framesDecoded).toBeGreaterThan(10);
      expect(tone).toBeGreaterThan(150);
    });
    const { packets } = await measure();
    await call((api) => api.killB());
    await page.waitForTimeout(500);
    const before = await call((api) => api.flow());
    const after = await until((now) => {
      expect(now.events).toEqual(["died: the worker does not answer"]);
      expect(now.packets).toBeGreaterThan(packets + 50);
    });
    expect(after.framesReceived).toBe(before.received);
    expect(after.tone).toBe(0);
    expect(after.elsewhere).toBe(0);
  });

  it("stops when the worker's backend is gone, and the page hears of it", async () => {
    await give("a", keys("install-send", 1));
    await give("b", keys("install-receive", 1));
    await call((api) => api.connect());
    await until(({ framesDecoded }) => expect(framesDecoded).toBeGreaterThan(10));
    channels.get("a")?.socket.close();
    await until(({ events }) => expect(events).toEqual([expect.stringContaining("lost")]));
    await page.waitForTimeout(500);
    const before = await measure();
    await page.waitForTimeout(2000);
    expect((await measure()).framesReceived).toBe(before.framesReceived);
  });

  it("waits for a late key, and then loses nothing", async () => {
    await give("a", keys("install-send", 1));
    await call((api) => api.connect());
    await until(({ b }) => expect(b.find(({ track }) => track === "camera")?.held).toBeGreaterThan(2));
    await give("b", keys("install-receive", 1));
    const { b } = await until(({ framesDecoded, tone }) => {
      expect(framesDecoded).toBeGreaterThan(15);
      expect(tone).toBeGreaterThan(150);
    });
    expect(b.find(({ track }) => track === "camera")?.dropped).toMatchObject({ late: 0, forged: 0 });
  });

  it("changes epochs without losing a frame or needing a key frame", async () => {
    await give("a", keys("install-send", 1));
    await give("b", keys("install-receive", 1));
    await call((api) => api.connect());
    const before = await until(({ framesDecoded }) => expect(framesDecoded).toBeGreaterThan(20));
    for (let epoch = 2; epoch <= 5; epoch++) {
      const { framesDecoded } = await measure();
      await give("b", keys("install-receive", epoch));
      await give("a", keys("install-send", epoch, 100));
      await until((now) => expect(now.framesDecoded).toBeGreaterThan(framesDecoded + 15));
    }
    const after = await measure();
    expect(after.keyFrames).toBe(before.keyFrames);
    for (const stream of after.b) {
      expect(stream.dropped).toMatchObject({ late: 0, forged: 0, foreign: 0, malformed: 0, overload: 0 });
    }
  });
});
