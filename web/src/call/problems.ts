import type { Problem } from "./view-state";

/* What the page itself finds wrong; everything else comes in words from the backend. */

export const NO_TRANSFORMS: Problem = {
  code: "browser.no-transforms",
  what: "This browser can’t encrypt calls frame by frame.",
  privacy: "Sotto never sends a call in any other way, so nothing was sent.",
  next: "Use the Sotto window, or a current Chromium, Chrome or Edge.",
};

export const NO_BACKEND: Problem = {
  code: "page.refused",
  what: "Sotto on this computer does not answer this page, or does not know it.",
  privacy: "Nothing was sent.",
  next: "Open Sotto’s own window, or start Sotto again and use the address that it prints. Each address works once.",
};

export const NO_TURN: Problem = {
  code: "path.no-turn",
  what: "The server names no TURN server, so there is no way that hides your address without a relay.",
  privacy: "No connection was made on this way, and nobody was shown your address by it.",
  next: "Switch to another way, or ask who runs the server for TURN.",
};

export const RELAY_UNREACHABLE: Problem = {
  code: "path.unreachable",
  what: "The relay can’t be reached from here.",
  privacy: "Nothing goes another way by itself.",
  next: "Sotto goes on trying. A network that blocks calls may be the cause.",
};

export const RELAY_BLOCKED: Problem = {
  code: "path.blocked",
  what: "The relay answers, but pictures and sound do not get through to it.",
  privacy: "It sees your IP address, and gets no picture, sound or name. Nothing goes another way by itself.",
  next: "Sotto goes on trying, over UDP and TCP. A network that blocks calls is the likely cause: try another one, or a phone’s.",
};

export const TURN_UNREACHABLE: Problem = {
  code: "path.turn-unreachable",
  what: "No connection through the TURN server comes about.",
  privacy: "Nobody was shown your address, and nothing goes another way by itself.",
  next: "Sotto goes on trying. The TURN server may be away, or your network or somebody else’s may block it.",
};

export const DIRECT_UNREACHABLE: Problem = {
  code: "path.direct-unreachable",
  what: "No direct connection to anybody in the call comes about.",
  privacy: "The others were told your address, as this way needs. No picture or sound was sent.",
  next: "Sotto goes on trying. Networks that let no call through directly need the relay, or TURN.",
};

export const NO_WORKER: Problem = {
  code: "worker.failed",
  what: "The part of Sotto that encrypts does not start.",
  privacy: "Nothing was sent: without it no call begins.",
  next: "Try again. If it stays so, start Sotto anew.",
};
