// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import type { BackendToPage } from "../../src/bridge/messages";
import { connectPage, type SocketWindow, takePageToken } from "../../src/bridge/socket";

const TOKEN = "a".repeat(43);

class FakeSocket extends EventTarget {
  static made: FakeSocket[] = [];
  readonly sent: string[] = [];
  closedWith: number | null = null;
  constructor(
    readonly url: string,
    readonly protocols: string[],
  ) {
    super();
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(code: number): void {
    this.closedWith = code;
  }
  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

let replaced: string[];

function windowAt(hash: string): SocketWindow {
  return {
    location: { protocol: "http:", host: "127.0.0.1:4711", pathname: "/", hash },
    history: { replaceState: (_data, _title, url) => void replaced.push(String(url)) },
    sessionStorage: window.sessionStorage,
    WebSocket: FakeSocket as unknown as SocketWindow["WebSocket"],
  };
}

function connect(hash = "") {
  const heard: BackendToPage[] = [];
  const ends: string[] = [];
  const page = connectPage(windowAt(hash), {
    message: (message) => heard.push(message),
    refused: () => ends.push("refused"),
    lost: () => ends.push("lost"),
  });
  const socket = FakeSocket.made.at(-1);
  if (!socket) throw new Error("no socket was made");
  return { heard, ends, page, socket };
}

beforeEach(() => {
  window.sessionStorage.clear();
  FakeSocket.made = [];
  replaced = [];
});

describe("page token", () => {
  it("moves from the fragment to the session storage and out of the address", () => {
    expect(takePageToken(windowAt(`#${TOKEN}`))).toBe(TOKEN);
    expect(replaced).toEqual(["/"]);
    expect(takePageToken(windowAt(""))).toBe(TOKEN);
  });

  it("is not taken from a fragment of another shape, which is cleared all the same", () => {
    expect(takePageToken(windowAt("#javascript:alert(1)"))).toBeNull();
    expect(replaced).toEqual(["/"]);
  });

  it("travels as the second subprotocol, and a page without one offers none", () => {
    expect(connect(`#${TOKEN}`).socket.protocols).toEqual(["sotto.v1", `token.${TOKEN}`]);
    window.sessionStorage.clear();
    const { socket } = connect();
    expect(socket.protocols).toEqual(["sotto.v1"]);
    expect(socket.url).toBe("ws://127.0.0.1:4711/bridge/page");
  });

  it("that a let-in page is given is kept for its next load", () => {
    const { socket } = connect();
    socket.dispatchEvent(new Event("open"));
    socket.say(JSON.stringify({ type: "pageToken", token: TOKEN }));
    expect(takePageToken(windowAt(""))).toBe(TOKEN);
  });
});

describe("page socket", () => {
  it("says hello first", () => {
    const { socket } = connect();
    socket.dispatchEvent(new Event("open"));
    expect(socket.sent).toEqual(['{"type":"hello","version":1}']);
  });

  it("passes on what keeps the contract", () => {
    const { socket, heard } = connect();
    socket.dispatchEvent(new Event("open"));
    socket.say('{"type":"notice","text":"Hello"}');
    expect(heard).toEqual([{ type: "notice", text: "Hello" }]);
  });

  it.each([
    ["an unknown type", '{"type":"key","bytes":"AAAA"}'],
    ["an unknown field", '{"type":"notice","text":"x","more":1}'],
    ["a missing field", '{"type":"notice"}'],
    ["no JSON", "notice"],
    ["bytes", new ArrayBuffer(4)],
  ])("ends with %s, and hears nothing after it", (_, data) => {
    const { socket, heard, ends } = connect();
    socket.dispatchEvent(new Event("open"));
    socket.say(data);
    socket.say('{"type":"notice","text":"later"}');
    socket.dispatchEvent(new Event("close"));
    expect(heard).toEqual([]);
    expect(ends).toEqual(["lost"]);
    expect(socket.closedWith).toBe(1002);
  });

  it("tells a refused connection from a lost one, each once", () => {
    const first = connect();
    first.socket.dispatchEvent(new Event("close"));
    expect(first.ends).toEqual(["refused"]);
    const second = connect();
    second.socket.dispatchEvent(new Event("open"));
    second.socket.dispatchEvent(new Event("close"));
    second.socket.dispatchEvent(new Event("close"));
    expect(second.ends).toEqual(["lost"]);
  });

  it("sends nothing after its end and does not connect again", () => {
    const { socket, page } = connect();
    socket.dispatchEvent(new Event("open"));
    socket.dispatchEvent(new Event("close"));
    page.send({ type: "newRoom", path: "direct" });
    expect(socket.sent).toHaveLength(1);
    expect(FakeSocket.made).toHaveLength(1);
  });
});
