import { describe, expect, it } from "vitest";
import { cleanName } from "../../src/call/names";

describe("names", () => {
  it("lose what the backend refuses", () => {
    expect(cleanName("  Ada\u0000\u202e Lindqvist\n")).toBe("Ada Lindqvist");
    expect(cleanName("x".repeat(60))).toHaveLength(48);
    expect(cleanName(`${"x".repeat(47)}😀`)).toBe("x".repeat(47));
  });
});
