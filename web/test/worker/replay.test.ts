import { expect, it } from "vitest";
import { ReplayWindow } from "../../src/worker/replay";
import { Seeded } from "./support";

it("accepts each counter once, in any order inside of the newest 1024, and none below", () => {
  const random = new Seeded(11);
  for (let round = 0; round < 20; round++) {
    const window = new ReplayWindow();
    const accepted = new Set<number>();
    let newest = -1;
    let centre = round === 0 ? 0 : random.next(2 ** 31) * 1000;
    for (let i = 0; i < 3000; i++) {
      centre += random.next(100) === 0 ? random.next(5000) : random.next(4);
      const counter = Math.max(0, centre - random.next(random.next(10) === 0 ? 3000 : 50));
      const fresh = !accepted.has(counter) && counter > newest - 1024;
      expect(window.seen(counter)).toBe(!fresh);
      expect(window.accept(counter)).toBe(fresh);
      if (fresh) accepted.add(counter);
      newest = Math.max(newest, counter);
    }
  }
});

it("stands at both edges of the window", () => {
  const window = new ReplayWindow();
  expect(window.accept(1024)).toBe(true);
  expect(window.accept(0)).toBe(false);
  expect(window.accept(1)).toBe(true);
  expect(window.accept(1)).toBe(false);
  expect(window.accept(1024)).toBe(false);
  expect(window.accept(2 ** 52)).toBe(true);
  expect(window.accept(2 ** 52 - 1023)).toBe(true);
  expect(window.accept(2 ** 52 - 1024)).toBe(false);
});
