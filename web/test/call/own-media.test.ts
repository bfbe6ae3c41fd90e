import { beforeEach, describe, expect, it } from "vitest";
import { Bench } from "./fakes";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("camera and microphone", () => {
  it("opens no device in the app's own window before its user said yes", async () => {
    bench.welcome({ embedded: true });
    await bench.settle();
    expect(bench.opened).toEqual([]);
    expect(bench.view.consentAsked).toBe(true);
    bench.act.answerConsent(true);
    await bench.settle();
    expect(bench.opened).toHaveLength(2);
    expect(bench.sentOf("savePreferences").at(-1)?.preferences.mediaAllowed).toBe(true);
  });

  it("goes on without devices after a no, and asks again only when one is wanted", async () => {
    bench.welcome({ embedded: true });
    bench.act.answerConsent(false);
    await bench.settle();
    expect(bench.opened).toEqual([]);
    expect(bench.view.devices.cameraTrouble).toBe("refused");
    bench.act.toggleCamera();
    expect(bench.view.consentAsked).toBe(true);
  });

  for (const kind of ["refused", "busy"] as const) {
    it(`a camera that is ${kind} gets its own word, and a call can be joined without it`, async () => {
      bench.cameraProblem = { kind, device: "camera" };
      await bench.inCall();
      expect(bench.view.devices.cameraTrouble).toBe(kind);
      expect(bench.view.phase.kind).toBe("call");
      expect(bench.sentOf("setMediaState").at(-1)?.state).toMatchObject({ camera: false, microphone: true });
    });
  }

  it("takes another camera where the remembered one is missing, and says so", async () => {
    bench.cameraProblem = { kind: "missing", device: "camera", label: "Old camera" };
    bench.welcome({ preferences: { cameraLabel: "Old camera" } });
    await bench.settle();
    expect(bench.view.devices.camera).toBe("Camera 1");
    expect(bench.view.toasts[0]?.text).toContain("Old camera");
  });

  it("tries a busy camera again on request", async () => {
    bench.cameraProblem = { kind: "busy", device: "camera" };
    bench.welcome();
    await bench.settle();
    bench.cameraProblem = null;
    bench.act.toggleCamera();
    await bench.settle();
    expect(bench.view.devices).toMatchObject({ cameraTrouble: null, camera: "Camera 1" });
    expect(bench.view.media.camera).toBe(true);
  });

  it("stops a camera that was opened after it had been turned off", async () => {
    bench.welcome();
    bench.act.toggleCamera();
    await bench.settle();
    expect(bench.view.devices.cameraTrack).toBeNull();
    expect(bench.opened.find((track) => track.label === "Camera 1")?.stopped).toBe(true);
  });

  it("closes the camera when it is turned off, and keeps a muted microphone open", async () => {
    await bench.inCall();
    bench.act.toggleCamera();
    bench.act.toggleMicrophone();
    const [camera, microphone] = ["Camera 1", "Microphone 1"].map((label) =>
      bench.opened.find((track) => track.label === label),
    );
    expect(camera?.stopped).toBe(true);
    expect(microphone).toMatchObject({ stopped: false, enabled: false });
    expect(bench.mesh.tracks.get("camera")).toBeNull();
    expect(bench.mesh.tracks.get("microphone")).not.toBeNull();
    expect(bench.sentOf("setMediaState").at(-1)?.state).toMatchObject({ camera: false, microphone: false });
    expect(bench.sentOf("savePreferences")).toEqual([]);
  });
});

describe("the own screen", () => {
  beforeEach(() => bench.inCall());

  it("shares a screen and ends it, also from outside", async () => {
    bench.act.toggleSharing();
    await bench.settle();
    expect(bench.view.media.screen).toBe(true);
    expect(bench.mesh.tracks.get("screen")).toBeTruthy();
    expect(bench.sentOf("setMediaState").at(-1)?.state.screen).toBe(true);
    bench.endScreen?.();
    expect(bench.view.media.screen).toBe(false);
    expect(bench.mesh.tracks.get("screen")).toBeNull();
  });

  it("says nothing bad when the browser's picker is closed", async () => {
    bench.screenProblem = { kind: "cancelled", device: "screen" };
    bench.act.toggleSharing();
    await bench.settle();
    expect(bench.view.media.screen).toBe(false);
    expect(bench.view.toasts.at(-1)?.text).toBe("Nothing is shared.");
  });
});
