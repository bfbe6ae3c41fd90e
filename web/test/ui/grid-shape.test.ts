import { describe, expect, it } from "vitest";
import { gridShape } from "../../src/ui/grid-shape";
import { hueOf, initialsOf } from "../../src/ui/identity-colour";

describe("grid", () => {
  it("has room for everyone", () => {
    for (let people = 1; people <= 40; people++) {
      for (const [width, height] of [
        [380, 700],
        [1280, 660],
        [2560, 700],
      ] as const) {
        const { columns, rows } = gridShape(people, width, height);
        expect(columns * rows).toBeGreaterThanOrEqual(people);
        expect(columns * (rows - 1)).toBeLessThan(people);
      }
    }
  });

  it("stands two side by side in a wide window and on top of each other in a narrow one", () => {
    expect(gridShape(2, 1280, 660)).toEqual({ columns: 2, rows: 1 });
    expect(gridShape(2, 380, 700)).toEqual({ columns: 1, rows: 2 });
  });

  it("does not break in a window without any room", () => {
    expect(gridShape(3, 0, 0)).toEqual({ columns: 1, rows: 3 });
  });
});

describe("a person without a picture", () => {
  it("has the initials of first and last name, in any script", () => {
    expect(initialsOf("Dalia Ferreira dos Santos")).toBe("DS");
    expect(initialsOf(" béla ")).toBe("B");
    expect(initialsOf("😀 𝒳")).toBe("😀𝒳");
    expect(initialsOf("")).toBe("");
  });

  it("keeps its tint with its identity", () => {
    expect(hueOf("12345 67890")).toBe(hueOf("12345 67890"));
    expect(hueOf("12345 67890")).not.toBe(hueOf("12345 67899"));
  });
});
