import { describe, expect, it } from "vitest";
import { DISPUTED_FOR_MS, Disputes } from "../../../src/media/relay/disputes";

describe("of two who say to be the same one", () => {
  it("the next one is believed once frames come and none opens", () => {
    const disputes = new Disputes();
    expect(disputes.observe("x", 10, 0, 0)).toBe(false);
    expect(disputes.observe("x", 20, 0, DISPUTED_FOR_MS - 1)).toBe(false);
    expect(disputes.observe("x", 30, 0, DISPUTED_FOR_MS)).toBe(true);
    expect(disputes.observe("x", 40, 0, 2 * DISPUTED_FOR_MS - 1)).toBe(false);
  });

  it("the one whose frames open stays, and so does whoever is believed while nothing comes", () => {
    const disputes = new Disputes();
    for (let i = 0; i < 10; i++) {
      expect(disputes.observe("opens", 10 * i, 9 * i, i * DISPUTED_FOR_MS)).toBe(false);
      expect(disputes.observe("silent", 10, 0, i * DISPUTED_FOR_MS)).toBe(false);
    }
  });
});
