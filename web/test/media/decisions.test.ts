import { describe, expect, test } from "vitest";
import { AttachmentWatch } from "../../src/media/attachment-watch";
import { problemOf } from "../../src/media/capture";
import { rootMeanSquare, SpeakingGate } from "../../src/media/levels";
import { qualityOf } from "../../src/media/quality";
import { TRACKS } from "../../src/media/tracks";

describe("a lost transform", () => {
  test("is one that sees nothing for a second while media arrives", () => {
    const watch = new AttachmentWatch();
    expect(watch.observe(0, 0, 0)).toBe("waiting");
    expect(watch.observe(200, 0, 500)).toBe("waiting");
    expect(watch.observe(300, 0, 1499)).toBe("waiting");
    expect(watch.observe(400, 0, 1500)).toBe("lost");
  });

  test("is also one that has seen frames before, but sees none of what arrives now", () => {
    const watch = new AttachmentWatch();
    watch.observe(5_000, 70, 0);
    watch.observe(6_000, 70, 500);
    expect(watch.observe(7_000, 70, 1_500)).toBe("lost");
  });

  test("is none where nothing arrives, however long", () => {
    const watch = new AttachmentWatch();
    expect(watch.observe(5_000, 70, 0)).toBe("waiting");
    expect(watch.observe(5_000, 70, 60_000)).toBe("waiting");
  });

  test("is none where a single burst has stopped", () => {
    const watch = new AttachmentWatch();
    watch.observe(0, 0, 0);
    watch.observe(100, 0, 500);
    expect(watch.observe(100, 0, 5_000)).toBe("waiting");
  });

  test("is none that sees a frame, however late", () => {
    const watch = new AttachmentWatch();
    watch.observe(0, 0, 0);
    watch.observe(100, 0, 500);
    expect(watch.observe(9_000, 1, 1_600)).toBe("seen");
  });
});

describe("the camera", () => {
  test("gets smaller as people come", () => {
    const bits = [2, 4, 8, 20].map((people) => qualityOf("camera", people, 720)?.maxBitrate ?? 0);
    expect(bits).toEqual([...bits].sort((a, b) => b - a));
    expect(new Set(bits).size).toBe(4);
    expect(qualityOf("camera", 3, 720)?.scaleResolutionDownBy).toBe(1.5);
  });

  test("is never scaled up", () => {
    expect(qualityOf("camera", 2, 360)?.scaleResolutionDownBy).toBe(1);
    expect(qualityOf("camera", 2, null)?.scaleResolutionDownBy).toBe(1);
  });

  test("is bounded for any number of people; audio is the same for all", () => {
    for (let people = 1; people < 200; people++) {
      for (const track of TRACKS) {
        const audio = track === "microphone" || track === "screen-audio";
        expect(qualityOf(track, people, 1080) === null).toBe(audio);
      }
    }
  });
});

describe("speaking", () => {
  test("lasts through the pauses between words", () => {
    const gate = new SpeakingGate();
    expect([gate.update(0.1, 0), gate.update(0, 400), gate.update(0.1, 450), gate.update(0, 900)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(gate.update(0, 950)).toBe(false);
  });

  test("does not begin with a level that would only let it go on", () => {
    const gate = new SpeakingGate();
    expect(gate.update(0.01, 0)).toBe(false);
    expect(gate.update(0.02, 100)).toBe(true);
    expect(gate.update(0.01, 5_000)).toBe(true);
  });

  test("is measured as root mean square", () => {
    expect(rootMeanSquare(new Float32Array([1, -1, 1, -1]))).toBe(1);
    expect(rootMeanSquare(new Float32Array(8))).toBe(0);
    expect(rootMeanSquare(new Float32Array())).toBe(0);
  });
});

describe("an error of a device", () => {
  const error = (name: string) => new DOMException("", name);

  test("is told apart: refused, busy, missing, none", () => {
    expect(problemOf(error("NotAllowedError"), "camera", null).kind).toBe("refused");
    expect(problemOf(error("NotReadableError"), "camera", null).kind).toBe("busy");
    expect(problemOf(error("NotFoundError"), "microphone", null).kind).toBe("none");
    expect(problemOf(error("NotFoundError"), "camera", "Webcam")).toEqual({
      kind: "missing",
      device: "camera",
      label: "Webcam",
    });
  });

  test("keeps the browser's name if it is another one", () => {
    expect(problemOf(new TypeError("x"), "camera", null)).toEqual({
      kind: "failed",
      device: "camera",
      reason: "TypeError",
    });
  });
});
