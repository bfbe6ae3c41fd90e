import { beforeEach, describe, expect, it } from "vitest";
import { Bench, PROBLEM } from "./fakes";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("what a person is told", () => {
  it("shows an alarm once, however often it comes, and twelve at most", () => {
    for (let i = 0; i < 3; i++) bench.receive({ type: "alarm", problem: PROBLEM });
    expect(bench.view.alarms).toHaveLength(1);
    for (let i = 0; i < 40; i++) bench.receive({ type: "alarm", problem: { ...PROBLEM, what: `number ${i}` } });
    expect(bench.view.alarms).toHaveLength(12);
    expect(bench.view.alarms.at(-1)?.problem.what).toBe("number 39");
  });

  it("keeps an alarm until it is dismissed", () => {
    bench.receive({ type: "alarm", problem: PROBLEM });
    bench.elapse(1_000_000);
    expect(bench.view.alarms).toHaveLength(1);
    bench.act.dismissAlarm(bench.view.alarms[0]?.id ?? -1);
    expect(bench.view.alarms).toEqual([]);
  });

  it("lets a notice pass", () => {
    bench.receive({ type: "notice", text: "Béla has come." });
    expect(bench.view.toasts.map((toast) => toast.text)).toEqual(["Béla has come."]);
    bench.elapse(6000);
    expect(bench.view.toasts).toEqual([]);
  });
});
