import { type BackendToPage, MalformedMessage, type PageToBackend, Protocol, parseBackendToPage } from "./messages";

/** What the page's socket tells. */
export interface SocketEvents {
  message(message: BackendToPage): void;
  /** The socket was never opened: the backend is away or refuses this page. */
  refused(): void;
  /** The socket was open and is gone. Follows a `closed` message, too. */
  lost(): void;
}

/** The page's side of the bridge. */
export interface PageSocket {
  /** Says nothing once the socket is gone. */
  send(message: PageToBackend): void;
  close(): void;
}

/** What the socket needs of the window; made small for tests. */
export interface SocketWindow {
  readonly location: Pick<Location, "protocol" | "host" | "hash" | "pathname">;
  readonly history: Pick<History, "replaceState">;
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly WebSocket: new (url: string, protocols: string[]) => WebSocket;
}

const TOKEN_KEY = "sotto.page-token";
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * Takes the page token out of the address's fragment and into the session storage, which ends with the tab and belongs to
 * this port alone, then clears the fragment, so that the token stays out of the history.
 *
 * @returns the token of this page, or null for one that has none and must be let in
 */
export function takePageToken(window: SocketWindow): string | null {
  const fragment = window.location.hash.slice(1);
  if (fragment !== "") window.history.replaceState(null, "", window.location.pathname);
  if (TOKEN.test(fragment)) {
    window.sessionStorage.setItem(TOKEN_KEY, fragment);
    return fragment;
  }
  const kept = window.sessionStorage.getItem(TOKEN_KEY);
  return kept !== null && TOKEN.test(kept) ? kept : null;
}

/**
 * Connects to the backend, once: a page whose socket is gone has lost its call, and only a reload begins anew. A message
 * outside of the contract ends the connection, as does a backend that closes it.
 */
export function connectPage(window: SocketWindow, events: SocketEvents): PageSocket {
  const token = takePageToken(window);
  const protocols: string[] = [Protocol.SUBPROTOCOL];
  if (token !== null) protocols.push(Protocol.TOKEN_PREFIX + token);
  const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new window.WebSocket(`${scheme}//${window.location.host}${Protocol.PAGE_PATH}`, protocols);
  let opened = false;
  let over = false;

  const end = () => {
    if (over) return;
    over = true;
    if (opened) events.lost();
    else events.refused();
  };
  const send = (message: PageToBackend) => {
    if (!over && opened) socket.send(JSON.stringify(message));
  };

  socket.addEventListener("open", () => {
    opened = true;
    send({ type: "hello", version: Protocol.VERSION });
  });
  socket.addEventListener("message", (event: MessageEvent<unknown>) => {
    if (over) return;
    let message: BackendToPage;
    try {
      if (typeof event.data !== "string") throw new MalformedMessage("the message is not text");
      message = parseBackendToPage(event.data);
    } catch (cause) {
      // Names the field that was wrong, never what it held.
      console.error("The backend broke the contract:", cause instanceof Error ? cause.message : "");
      socket.close(1002);
      end();
      return;
    }
    if (message.type === "pageToken") window.sessionStorage.setItem(TOKEN_KEY, message.token);
    events.message(message);
  });
  socket.addEventListener("close", end);
  return {
    send,
    close() {
      over = true;
      socket.close(1000);
    },
  };
}
