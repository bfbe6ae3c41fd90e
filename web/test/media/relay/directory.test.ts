import { describe, expect, it } from "vitest";
import { BadSignal } from "../../../src/media/fields";
import { Directory } from "../../../src/media/relay/directory";
import { formatClaims, parseClaims, type SeatClaim } from "../../../src/media/relay/relay-signal";
import type { Incoming } from "../../../src/media/relay/seat";

const ADA = "adaAAAAAAAAAAAAAAAAAAA";
const BELA = "belaAAAAAAAAAAAAAAAAAA";

function claim(identity: string, sends: SeatClaim["sends"] = [], node = "n1"): SeatClaim {
  return { node, identity, sends };
}

function incoming(identity: string, name: string, kind: "audio" | "video" = "video"): Incoming {
  return { identity, name, receiver: { track: { kind } } as unknown as RTCRtpReceiver };
}

function found(directory: Directory, ...all: Incoming[]): string[] {
  return directory.bindings(all).map(({ participant, track, incoming: one }) => `${participant} ${track} ${one.name}`);
}

describe("who is who at the relay", () => {
  it("is what people say of themselves, joined with what the relay delivers", () => {
    const directory = new Directory();
    directory.hear(ADA, "s", formatClaims([claim("x1", [{ track: "camera", name: "t1" }])]));
    directory.hear(BELA, "s", formatClaims([claim("x2", [{ track: "screen", name: "t2" }])]));
    expect(found(directory, incoming("x1", "t1"), incoming("x2", "t2"), incoming("x3", "t3"))).toEqual([
      `${ADA} camera t1`,
      `${BELA} screen t2`,
    ]);
  });

  it("shows nothing that the relay delivers under another name, and no other kind", () => {
    const directory = new Directory();
    directory.hear(ADA, "s", formatClaims([claim("x1", [{ track: "camera", name: "t1" }])]));
    expect(found(directory, incoming("x1", "t2"), incoming("x2", "t1"), incoming("x1", "t1", "audio"))).toEqual([]);
  });

  it("follows somebody who moves: both seats count, in the order of the own ones", () => {
    const directory = new Directory();
    const camera = (name: string) => [{ track: "camera", name } as const];
    directory.hear(ADA, "s", formatClaims([claim("new", camera("t2"), "n2"), claim("old", camera("t1"))]));
    expect(found(directory, incoming("new", "t2"), incoming("old", "t1"))).toEqual([
      `${ADA} camera t2`,
      `${ADA} camera t1`,
    ]);
  });

  it("believes the first who takes a name, and the next one once nothing opens for the first", () => {
    const directory = new Directory();
    const claims = formatClaims([claim("x1", [{ track: "camera", name: "t1" }])]);
    directory.hear(BELA, "s", claims);
    expect(directory.disputed("x1")).toBe(false);
    directory.hear(ADA, "s", claims);
    expect(directory.disputed("x1")).toBe(true);
    expect(found(directory, incoming("x1", "t1"))).toEqual([`${BELA} camera t1`]);
    directory.passOn("x1");
    expect(found(directory, incoming("x1", "t1"))).toEqual([`${ADA} camera t1`]);
    directory.hear(BELA, "s", claims);
    expect(found(directory, incoming("x1", "t1"))).toEqual([`${ADA} camera t1`]);
  });

  it("is undisputed again when the other one lets go of the name or is gone", () => {
    const directory = new Directory();
    const claims = formatClaims([claim("x1", [{ track: "camera", name: "t1" }])]);
    directory.hear(BELA, "s", claims);
    directory.hear(ADA, "s", claims);
    directory.hear(BELA, "s", formatClaims([claim("x2")]));
    expect(directory.disputed("x1")).toBe(false);
    expect(found(directory, incoming("x1", "t1"))).toEqual([`${ADA} camera t1`]);
    directory.hear(BELA, "s", claims);
    directory.forget(BELA);
    expect(directory.disputed("x1")).toBe(false);
  });

  it("drops what an earlier page of the same person still says", () => {
    const directory = new Directory();
    const claims = formatClaims([claim("x1")]);
    expect(directory.hear(ADA, "s1", claims)).toBe("new");
    expect(directory.hear(ADA, "s1", claims)).toBe("known");
    expect(directory.hear(ADA, "s2", formatClaims([claim("x2")]))).toBe("new");
    expect(directory.hear(ADA, "s1", claims)).toBe("old");
    expect(directory.claims(ADA).map(({ identity }) => identity)).toEqual(["x2"]);
  });

  it("is forgotten with the person", () => {
    const directory = new Directory();
    directory.hear(ADA, "s", formatClaims([claim("x1", [{ track: "camera", name: "t1" }])]));
    directory.forget(ADA);
    expect(found(directory, incoming("x1", "t1"))).toEqual([]);
    expect(directory.hear(BELA, "s", formatClaims([claim("x1")]))).toBe("new");
  });
});

describe("the signal of a relay path", () => {
  const good = { type: "relay", seats: [claim("x1", [{ track: "camera", name: "TR_abc" }])] };

  it("is read as it was written", () => {
    expect(parseClaims(formatClaims(good.seats))).toEqual(good.seats);
  });

  it.each([
    ["no JSON", "{"],
    ["another type", { ...good, type: "hello" }],
    ["a field too many", { ...good, more: 1 }],
    ["no list", { ...good, seats: {} }],
    ["four seats", { ...good, seats: [1, 2, 3, 4].map((i) => claim(`x${i}`)) }],
    ["an identity with a space", { ...good, seats: [claim("a b")] }],
    ["a long node", { ...good, seats: [claim("x", [], "n".repeat(65))] }],
    ["an unknown track", { ...good, seats: [claim("x", [{ track: "face" as "camera", name: "t" }])] }],
    [
      "a track twice",
      {
        ...good,
        seats: [
          claim("x", [
            { track: "camera", name: "a" },
            { track: "camera", name: "b" },
          ]),
        ],
      },
    ],
  ])("is refused with %s", (_, value) => {
    expect(() => parseClaims(typeof value === "string" ? value : JSON.stringify(value))).toThrow(BadSignal);
  });
});
