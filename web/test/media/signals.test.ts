import { describe, expect, test } from "vitest";
import { BadSignal, format, MOST_CANDIDATES, newLink, newSession, parse, type Signal } from "../../src/media/signals";

const LINK = "AAAAAAAAAAA";
const CANDIDATE = { candidate: "candidate:1 1 udp 1 127.0.0.1 9 typ host", sdpMid: "0", usernameFragment: "ab+/" };
const OFFER = { type: "offer", link: LINK, round: 1, sdp: "v=0\r\n", sends: ["microphone", "screen-audio"] };

describe("every signal", () => {
  const signals: Signal[] = [
    { type: "hello", link: null },
    { type: "hello", link: LINK },
    { type: "offer", link: LINK, round: 1, sdp: "v=0\r\n", sends: ["camera"] },
    { type: "answer", link: LINK, round: 7, sdp: "v=0\r\n", sends: [] },
    { type: "candidates", link: LINK, candidates: [CANDIDATE, { ...CANDIDATE, candidate: "" }] },
    { type: "restart", link: LINK },
    { type: "sends", link: LINK, sends: ["microphone", "camera", "screen", "screen-audio"] },
  ];
  for (const signal of signals) {
    test(`${signal.type} is read as it was written`, () => expect(parse(format(signal))).toEqual(signal));
  }

  test("names links and sessions of the documented size", () => {
    expect(newLink()).toMatch(/^[\w-]{11}$/);
    expect(newSession()).toMatch(/^[\w-]{22}$/);
    expect(newSession()).not.toBe(newSession());
  });
});

describe("a signal is refused", () => {
  const candidates = (...entries: unknown[]) => ({ type: "candidates", link: LINK, candidates: entries });
  for (const [what, bad] of [
    ["that is no object", []],
    ["of an unknown type", { type: "data", link: LINK }],
    ["without a type", { link: LINK }],
    ["with an unknown field", { ...OFFER, more: 1 }],
    ["with an inherited name for a type", { type: "constructor" }],
    ["with a malformed link", { ...OFFER, link: "../../etc/pw" }],
    ["with a link that is too long", { ...OFFER, link: `${LINK}A` }],
    ["without its description", { type: "offer", link: LINK, round: 1, sends: [] }],
    ["with a description that is no text", { ...OFFER, sdp: 1 }],
    ["with a description that is too long", { ...OFFER, sdp: "x".repeat(40_001) }],
    ["with round 0", { ...OFFER, round: 0 }],
    ["with half a round", { ...OFFER, round: 1.5 }],
    ["with an endless round", { ...OFFER, round: 1e9 }],
    ["that sends an unknown track", { ...OFFER, sends: ["microphone", "diary"] }],
    ["that sends a track twice", { ...OFFER, sends: ["camera", "camera"] }],
    ["with too many candidates", candidates(...Array.from({ length: MOST_CANDIDATES + 1 }, () => CANDIDATE))],
    ["with a candidate that brings a line of its own", candidates({ ...CANDIDATE, candidate: "candidate:1\r\na=x" })],
    ["with a candidate that is none", candidates({ ...CANDIDATE, candidate: "a=fingerprint:sha-256 00" })],
    ["with a candidate without m-line", candidates({ ...CANDIDATE, sdpMid: null })],
    ["with an unknown field in a candidate", candidates({ ...CANDIDATE, more: 1 })],
  ] as const) {
    test(what, () => expect(() => parse(JSON.stringify(bad))).toThrow(BadSignal));
  }

  test("that is no JSON, or cut off", () => {
    expect(() => parse("")).toThrow(BadSignal);
    expect(() => parse(JSON.stringify(OFFER).slice(0, -1))).toThrow(BadSignal);
  });

  test("that is larger than the bridge lets through", () => {
    expect(() => parse(JSON.stringify({ type: "hello", link: null }) + " ".repeat(64 * 1024))).toThrow(/characters/);
  });
});
