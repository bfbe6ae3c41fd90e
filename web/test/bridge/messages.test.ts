import { describe, expect, it } from "vitest";
import { MalformedMessage, parseBackendToPage } from "../../src/bridge/messages";
import { parseBackendToWorker } from "../../src/worker/messages";

const participant = {
  id: "AAECAwQFBgcICQoLDA0ODw",
  name: "Zoë",
  fingerprint: "12345",
  self: true,
  connected: true,
  host: false,
  media: { microphone: true, camera: false, screen: false, screenAudio: false },
};
const callState = {
  type: "callState",
  self: "AAECAwQFBgcICQoLDA0ODw",
  link: "https://example.org/j/x#y",
  path: "direct",
  pathNumber: 0,
  maySetPath: true,
  relayOffered: false,
  epoch: 3,
  safetyNumber: null,
  server: "connected",
  iceServers: [{ url: "stun:192.0.2.1", username: null, credential: null }],
  participants: [participant],
  rules: { locked: false, membersSwitchPath: true, mayChange: true, mayNameHosts: true },
  waiting: [{ id: "AAECAwQFBgcICQoLDA0ODw", name: "Zoë", fingerprint: "12345" }],
  removed: [],
};

describe("the parsers of what the backend says", () => {
  it("give back a good message as it is", () => {
    expect(parseBackendToPage(JSON.stringify(callState))).toEqual(callState);
    const sealed = { type: "sealed", sequence: 0, ciphertext: "AAAA" };
    expect(parseBackendToWorker(JSON.stringify(sealed))).toEqual(sealed);
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["null", null],
    ["no type", {}],
    ["an unknown type", { type: "hello" }],
    ["a type from the prototype", { type: "toString" }],
    ["an unknown field", { ...callState, more: 1 }],
    ["a missing field", { ...callState, epoch: undefined }],
    ["a number for a text", { ...callState, self: 1 }],
    ["a text for a number", { ...callState, epoch: "3" }],
    ["a fraction", { ...callState, epoch: 1.5 }],
    ["more than is exact", { ...callState, epoch: 2 ** 53 }],
    ["null where it may not be", { ...callState, link: null }],
    ["an unknown choice", { ...callState, path: "carrier-pigeon" }],
    ["an object for a list", { ...callState, participants: {} }],
    ["a bad element", { ...callState, participants: [participant, { ...participant, self: "yes" }] }],
    ["an unknown field within", { ...callState, participants: [{ ...participant, more: 1 }] }],
  ])("refuse %s", (_, message) => {
    expect(() => parseBackendToPage(JSON.stringify(message))).toThrow(MalformedMessage);
  });

  it("refuse what is no JSON, too large, or names the prototype", () => {
    expect(() => parseBackendToPage("{")).toThrow(MalformedMessage);
    expect(() => parseBackendToPage(`{"type":"notice","text":"${"x".repeat(300_000)}"}`)).toThrow("too large");
    expect(() => parseBackendToPage('{"type":"waitForYes","__proto__":{}}')).toThrow("unknown field");
  });

  it("say where a message is wrong without quoting it", () => {
    const wrong = { ...callState, participants: [{ ...participant, name: { secret: "abc" } }] };
    expect(() => parseBackendToPage(JSON.stringify(wrong))).toThrow("callState.participants[0].name is not a text");
  });
});
