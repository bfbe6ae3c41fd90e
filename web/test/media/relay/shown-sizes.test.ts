import { describe, expect, it } from "vitest";
import { LESS_AFTER_MS, ShownSizes } from "../../../src/media/relay/shown-sizes";

const LARGE = { width: 1280, height: 736 };
const SMALL = { width: 320, height: 192 };

describe("what a relay is asked for", () => {
  it("is more at once, and less after it has been enough for a second", () => {
    const sizes = new ShownSizes();
    expect(sizes.asked("ada camera")).toBeUndefined();
    expect(sizes.set("ada camera", SMALL, 0)).toBe(true);
    expect(sizes.set("ada camera", LARGE, 10)).toBe(true);
    expect(sizes.asked("ada camera")).toEqual(LARGE);
    expect(sizes.set("ada camera", SMALL, 20)).toBe(false);
    expect(sizes.review(20 + LESS_AFTER_MS - 1)).toBe(false);
    expect(sizes.asked("ada camera")).toEqual(LARGE);
    expect(sizes.review(20 + LESS_AFTER_MS)).toBe(true);
    expect(sizes.asked("ada camera")).toEqual(SMALL);
  });

  it("is nothing for what is out of sight for a second, and the picture at once when it is back", () => {
    const sizes = new ShownSizes();
    sizes.set("ada camera", LARGE, 0);
    sizes.set("ada camera", null, 10);
    expect(sizes.asked("ada camera")).toEqual(LARGE);
    expect(sizes.review(10 + LESS_AFTER_MS)).toBe(true);
    expect(sizes.asked("ada camera")).toBeNull();
    expect(sizes.set("ada camera", SMALL, 5000)).toBe(true);
    expect(sizes.asked("ada camera")).toEqual(SMALL);
  });

  it("stays as it is while something scrolls by", () => {
    const sizes = new ShownSizes();
    sizes.set("ada camera", LARGE, 0);
    for (let at = 10; at < 5000; at += 500) {
      sizes.set("ada camera", null, at);
      sizes.set("ada camera", LARGE, at + 400);
      expect(sizes.review(at + 450)).toBe(false);
    }
    expect(sizes.asked("ada camera")).toEqual(LARGE);
  });

  it("does not follow each pixel", () => {
    const sizes = new ShownSizes();
    expect(sizes.set("ada camera", { width: 1279.5, height: 705 }, 0)).toBe(true);
    expect(sizes.set("ada camera", { width: 1270, height: 730 }, 1)).toBe(false);
  });

  it("is forgotten with the person", () => {
    const sizes = new ShownSizes();
    sizes.set("ada camera", null, 0);
    sizes.forget("ada ");
    expect(sizes.asked("ada camera")).toBeUndefined();
  });
});
