/** Opening and measuring devices: Chromium's fake ones, and the synthetic ones that tests and demo inject. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestBrowser } from "./browser/browser";
import type { Person } from "./browser/harness";

let browser: TestBrowser;

beforeAll(async () => {
  browser = await TestBrowser.start();
});

afterAll(() => browser.stop());

describe("with the browser's own devices", () => {
  let page: Page;

  beforeAll(async () => {
    page = await browser.open({ synthetic: false });
  });

  test("cameras and microphones have labels, and are opened by them", async () => {
    const seen = await page.evaluate(async () => {
      const { harness } = window;
      const { cameras, microphones } = await harness.listDevices();
      const last = cameras.at(-1)?.label ?? "";
      const camera = await harness.openCamera({ label: last });
      const microphone = await harness.openMicrophone({ label: microphones[0]?.label ?? "" });
      const { height } = camera.track.getSettings();
      camera.stop();
      microphone.stop();
      return { last, opened: camera.label, kinds: [camera.track.kind, microphone.track.kind], height };
    });
    expect(seen.last).not.toBe("");
    expect(seen.opened).toBe(seen.last);
    expect(seen.kinds).toEqual(["video", "audio"]);
    expect(seen.height).toBe(720);
  });

  test("one that was chosen earlier and is gone is named as missing", async () => {
    const problem = await page.evaluate(async () => {
      try {
        await window.harness.openCamera({ label: "Unplugged" });
        return null;
      } catch (error) {
        return (error as { problem: unknown }).problem;
      }
    });
    expect(problem).toEqual({ kind: "missing", device: "camera", label: "Unplugged" });
  });

  test("a screen is shared at the chosen rate", async () => {
    const settings = await page.evaluate(async () => {
      const capture = await window.harness.openScreen({ kind: "picker" }, { rate: 5, audio: false });
      const { frameRate } = capture.screen.track.getSettings();
      capture.stop();
      return { frameRate, hint: capture.screen.track.contentHint, state: capture.screen.track.readyState };
    });
    expect(settings).toEqual({ frameRate: 5, hint: "detail", state: "ended" });
  });
});

describe("with synthetic devices", () => {
  let page: Page;

  beforeAll(async () => {
    page = await browser.open();
  });

  test("who speaks is seen from the decoded sound, and not after they are muted", async () => {
    const heard = await page.evaluate(async () => {
      const { harness } = window;
      const [a, b] = (await harness.call("A", "B")) as [Person, Person];
      const microphone = (await harness.openMicrophone()).track;
      a.mesh.setTrack("microphone", microphone);
      harness.room.roster();
      const key = `${a.id} microphone`;
      await harness.until("the microphone is here", () => b.shown.has(key));
      const media = b.shown.get(key)?.media;
      if (media === undefined) throw new Error("no microphone");
      const changes: boolean[] = [];
      let level = 0;
      const stop = [
        harness.levels.speaking(media, (speaking) => changes.push(speaking)),
        harness.levels.level(media, (now) => {
          level = now;
        }),
      ];
      await harness.until("heard", () => level > 0.1 && changes.length === 1);
      microphone.enabled = false;
      await harness.until("silent", () => level < 0.01 && changes.length === 2);
      for (const end of stop) end();
      harness.levels.close();
      return changes;
    });
    expect(heard).toEqual([true, false]);
  });

  test("a damaged bar code and a tone that is nobody's are read as nothing", async () => {
    const read = await page.evaluate(async () => {
      const { harness, sottoSynthetic } = window;
      const { track } = await harness.openCamera();
      const video = document.createElement("video");
      video.muted = true;
      video.srcObject = new MediaStream([track]);
      await video.play();
      await harness.until("whole", () => sottoSynthetic.readBarcode(video) !== null);
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      const pen = canvas.getContext("2d");
      if (pen === null) throw new Error("no canvas");
      pen.drawImage(video, 0, 0);
      // The cell of one bit of the sender's number, turned over: 8 is in row 0, column 8.
      const [cellWidth, cellHeight] = [canvas.width / 16, canvas.height / 9];
      const [value] = pen.getImageData(8.5 * cellWidth, cellHeight / 2, 1, 1).data;
      pen.fillStyle = (value ?? 0) > 128 ? "#000" : "#fff";
      pen.fillRect(8 * cellWidth, 0, cellWidth, cellHeight);
      const damaged = document.createElement("canvas");
      damaged.width = canvas.width;
      damaged.height = canvas.height;
      damaged.getContext("2d")?.drawImage(canvas, 0, 0);
      const copy = document.createElement("video");
      copy.muted = true;
      const stream = damaged.captureStream();
      copy.srcObject = stream;
      await copy.play();
      const context = new AudioContext();
      const oscillator = new OscillatorNode(context, { frequency: 320 });
      const output = new MediaStreamAudioDestinationNode(context);
      oscillator.connect(output);
      oscillator.start();
      const [tone] = output.stream.getAudioTracks();
      if (tone === undefined) throw new Error("no tone");
      return { barcode: sottoSynthetic.readBarcode(copy), tone: await sottoSynthetic.readTone(tone) };
    });
    expect(read).toEqual({ barcode: null, tone: null });
  });
});
