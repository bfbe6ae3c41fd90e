import { beforeEach, describe, expect, it } from "vitest";
import { BELA, Bench, LINK, PROBLEM, person, remoteTrack, SELF } from "./fakes";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("start", () => {
  it("comes to the lobby with the profile's choices and has the worker started before it is needed", async () => {
    bench.welcome({ preferences: { name: "Ada", cameraOn: false } });
    expect(bench.view.phase.kind).toBe("lobby");
    expect(bench.view.lobby.name).toBe("Ada");
    expect(bench.sentOf("getWorkerTicket")).toHaveLength(1);
    await bench.settle();
    expect(bench.opened.map((track) => track.label)).toEqual(["Microphone 1"]);
  });

  it("refuses a browser without script transforms, in words, and does nothing else", () => {
    bench.transforms = false;
    expect(bench.controller.canStart()).toBe(false);
    expect(bench.view.phase).toMatchObject({ kind: "closed", problem: { code: "browser.no-transforms" } });
    expect(bench.sent).toEqual([]);
  });

  it("waits for the other page's user, and then goes to the lobby", () => {
    bench.receive({ type: "waitForYes" });
    expect(bench.view.phase.kind).toBe("waiting-for-yes");
    bench.receive({ type: "pageToken", token: "t".repeat(43) });
    bench.welcome();
    expect(bench.view.phase.kind).toBe("lobby");
  });

  it("offers the link that the app was started with", () => {
    bench.welcome({ openLink: LINK });
    expect(bench.view.lobby.invitation).toBe(LINK);
    bench.workerReady();
    bench.act.joinInvitation();
    expect(bench.sentOf("join")).toEqual([{ type: "join", link: LINK, name: "Ada" }]);
  });
});

describe("into a call", () => {
  it("asks for a name first", () => {
    bench.welcome({ preferences: { name: "" } });
    bench.act.setName(" \u200b ");
    bench.act.newRoom();
    expect(bench.view.lobby.nameMissing).toBe(true);
    expect(bench.sentOf("newRoom")).toEqual([]);
  });

  it("makes a room and enters it", () => {
    bench.welcome();
    bench.workerReady();
    bench.act.newRoom();
    bench.receive({ type: "roomCreated", link: LINK });
    expect(bench.sentOf("join")).toEqual([{ type: "join", link: LINK, name: "Ada" }]);
    expect(bench.marks).toEqual(["sotto:join-click"]);
  });

  it("does not enter a room whose making was called off", () => {
    bench.welcome();
    bench.workerReady();
    bench.act.newRoom();
    bench.act.leave();
    bench.receive({ type: "roomCreated", link: LINK });
    expect(bench.sentOf("join")).toEqual([]);
    expect(bench.view.lobby.busy).toBeNull();
  });

  it("joins only once a worker can take the keys", () => {
    bench.welcome();
    bench.act.setLink(LINK);
    bench.act.joinLink();
    expect(bench.sentOf("join")).toEqual([]);
    bench.workerReady();
    expect(bench.sentOf("join")).toHaveLength(1);
  });

  it("gives a join up that waits for a worker which never starts", () => {
    bench.welcome();
    bench.act.setLink(LINK);
    bench.act.joinLink();
    for (let death = 0; death < 3; death++) {
      bench.receive({ type: "workerTicket", ticket: "T".repeat(43) });
      bench.worker.events.died("test");
    }
    expect(bench.view.lobby).toMatchObject({ busy: null, problem: { code: "worker.failed" } });
    bench.workerReady();
    expect(bench.sentOf("join")).toEqual([]);
  });

  it("shows the steps, then the call", async () => {
    bench.welcome();
    bench.workerReady();
    await bench.settle();
    bench.act.setLink(LINK);
    bench.act.joinLink();
    bench.receive({ type: "callProgress", stage: "agreeing-keys" });
    expect(bench.view.lobby).toMatchObject({ busy: "joining", stage: "agreeing-keys" });
    bench.callState([{ id: BELA }]);
    expect(bench.view.phase.kind).toBe("call");
    expect(bench.mesh.peers).toEqual([BELA]);
    expect([...bench.mesh.tracks.keys()].sort()).toEqual(["camera", "microphone"]);
    expect(bench.sentOf("setMediaState")).toHaveLength(1);
  });

  it("puts a bad link's problem to the link, and any other where the last try is told", () => {
    bench.welcome();
    bench.workerReady();
    bench.act.setLink("https://x");
    bench.act.joinLink();
    bench.receive({ type: "callFailed", problem: { ...PROBLEM, code: "link.malformed" } });
    expect(bench.view.lobby).toMatchObject({ busy: null, problem: null, linkProblem: { code: "link.malformed" } });
    bench.act.joinLink();
    bench.receive({ type: "callFailed", problem: PROBLEM });
    expect(bench.view.lobby).toMatchObject({ busy: null, problem: PROBLEM, linkProblem: null });
  });

  it("checks what was pasted, and drops an answer about another link", () => {
    bench.welcome();
    bench.act.setLink(LINK);
    expect(bench.sentOf("checkLink")).toEqual([{ type: "checkLink", link: LINK }]);
    bench.receive({ type: "linkChecked", link: "other", problem: PROBLEM });
    expect(bench.view.lobby.linkProblem).toBeNull();
    bench.receive({ type: "linkChecked", link: LINK, problem: PROBLEM });
    expect(bench.view.lobby.linkProblem).toEqual(PROBLEM);
  });

  it("comes back after a reload with the devices as they were, and keeps signals that come before the worker", async () => {
    const self = person({
      id: SELF,
      name: "Ada",
      self: true,
      media: { microphone: false, camera: false, screen: true, screenAudio: false },
    });
    bench.welcome({ preferences: { cameraOn: true } });
    bench.callState([], { participants: [self, person({})] });
    bench.receive({ type: "signal", from: BELA, session: "s", data: "0 d" });
    await bench.settle();
    expect(bench.view.phase.kind).toBe("call");
    expect(bench.view.media).toMatchObject({ microphone: false, camera: false, screen: false });
    expect(bench.view.devices.cameraTrack).toBeNull();
    bench.workerReady();
    expect(bench.mesh.peers).toEqual([BELA]);
    expect(bench.mesh.signals).toEqual([`${BELA} s d`]);
  });
});

describe("in a call", () => {
  beforeEach(() => bench.inCall());

  it("follows the roster, whatever came before", () => {
    const chidi = "chidAAAAAAAAAAAAAAAAAA";
    bench.callState([{ id: BELA }, { id: chidi }]);
    expect(bench.mesh.peers).toEqual([BELA, chidi]);
    bench.mesh.setting.events.trackAdded(BELA, "camera", remoteTrack("b"));
    bench.mesh.setting.events.status(BELA, "connected");
    bench.callState([{ id: chidi }]);
    expect(bench.mesh.peers).toEqual([chidi]);
    expect(bench.view.tracks.has(BELA)).toBe(false);
    expect(bench.view.connections.has(BELA)).toBe(false);
  });

  it("shows tracks as they come and go, and who speaks", () => {
    const { events } = bench.mesh.setting;
    const voice = remoteTrack("voice of Béla");
    events.trackAdded(BELA, "microphone", voice);
    expect(bench.view.tracks.get(BELA)?.microphone).toBe(voice);
    bench.speaking.get("voice of Béla")?.(true);
    expect(bench.view.speaking.has(BELA)).toBe(true);
    events.trackRemoved(BELA, "microphone");
    expect(bench.view.tracks.get(BELA)?.microphone).toBeUndefined();
    expect(bench.view.speaking.has(BELA)).toBe(false);
  });

  it("passes signals both ways", () => {
    bench.receive({ type: "signal", from: BELA, session: "s1", data: "0 offer" });
    expect(bench.mesh.signals).toEqual([`${BELA} s1 offer`]);
    bench.mesh.setting.sendSignal(BELA, "s2", "answer");
    expect(bench.sentOf("signal")).toEqual([{ type: "signal", to: BELA, session: "s2", data: "0 answer" }]);
  });

  it("replaces a dead worker and rebuilds the connections on the new one", () => {
    const asked = bench.sentOf("getWorkerTicket").length;
    bench.worker.events.died("test");
    expect(bench.view.workerAway).toBe(true);
    bench.elapse(0);
    expect(bench.sentOf("getWorkerTicket")).toHaveLength(asked + 1);
    bench.workerReady();
    expect(bench.view.workerAway).toBe(false);
    expect(bench.meshes).toHaveLength(1);
    expect(bench.mesh.transforms).toEqual([bench.worker]);
  });

  it("connects nobody new while there is no worker, and does so when one is back", () => {
    const chidi = "chidAAAAAAAAAAAAAAAAAA";
    bench.worker.events.lost("test");
    bench.callState([{ id: BELA }, { id: chidi }]);
    expect(bench.mesh.peers).toEqual([BELA]);
    bench.elapse(0);
    bench.workerReady();
    expect(bench.mesh.peers).toEqual([BELA, chidi]);
  });

  it("waits longer and longer before it replaces a worker that keeps dying", () => {
    bench.worker.events.died("1");
    bench.elapse(0);
    bench.workerReady();
    bench.worker.events.died("2");
    const asked = bench.sentOf("getWorkerTicket").length;
    bench.elapse(0);
    expect(bench.sentOf("getWorkerTicket")).toHaveLength(asked);
    bench.elapse(250);
    expect(bench.sentOf("getWorkerTicket")).toHaveLength(asked + 1);
  });

  it("keeps media going while the server is away, and says again who is there when it is back", () => {
    bench.callState([{ id: BELA }], { server: "reconnecting" });
    expect(bench.view.call?.server).toBe("reconnecting");
    expect(bench.mesh.closed).toBe(false);
    bench.callState([{ id: BELA }], { server: "connected" });
    expect(bench.mesh.announced).toBe(1);
  });

  it("begins new connections under a new own id", () => {
    bench.callState([{ id: BELA }], { self: "otherAAAAAAAAAAAAAAAAA" });
    expect(bench.meshes).toHaveLength(2);
    expect(bench.meshes[0]?.closed).toBe(true);
  });

  it("reads the journal on from its last entry, as long as it is open", () => {
    const entry = (number: number) => ({ number, time: 0, event: "made", key: `frame/${number}`, detail: "" });
    bench.act.togglePanel("journal");
    bench.receive({ type: "journal", entries: [entry(1), entry(2)] });
    bench.elapse(1000);
    expect(bench.sentOf("getJournal").map((message) => message.after)).toEqual([0, 2]);
    bench.receive({ type: "journal", entries: [entry(2), entry(3)] });
    expect(bench.view.journal.map((shown) => shown.number)).toEqual([1, 2, 3]);
    bench.act.closePanel();
    bench.elapse(1000);
    expect(bench.sentOf("getJournal")).toHaveLength(2);
  });

  it("copies the link", async () => {
    bench.act.copyLink();
    await bench.settle();
    expect(bench.copied).toEqual([LINK]);
  });

  it("asks its user about another page, and answers once", () => {
    bench.receive({ type: "anotherPageAsks", request: BELA, userAgent: "Browser" });
    bench.act.answerPage(false);
    bench.act.answerPage(true);
    expect(bench.sentOf("answerPage")).toEqual([{ type: "answerPage", request: BELA, allow: false }]);
  });
});

describe("out of a call", () => {
  beforeEach(() => bench.inCall());

  it("ends media at the click, not at the answer", () => {
    bench.act.leave();
    expect(bench.mesh.closed).toBe(true);
    expect(bench.sentOf("leave")).toHaveLength(1);
    expect(bench.view.phase.kind).toBe("lobby");
    bench.callState([{ id: BELA }]);
    expect(bench.view.phase.kind).toBe("lobby");
    bench.receive({ type: "callEnded", problem: null });
    expect(bench.view.lobby).toMatchObject({ left: true, problem: null });
  });

  it("can join again at once", () => {
    bench.act.leave();
    bench.act.setLink(LINK);
    bench.act.joinLink();
    bench.receive({ type: "callEnded", problem: null });
    expect(bench.view.lobby.busy).toBe("joining");
    bench.callState([{ id: BELA }]);
    expect(bench.view.phase.kind).toBe("call");
    expect(bench.meshes).toHaveLength(2);
  });

  it("tells why the backend ended it", () => {
    bench.receive({ type: "callEnded", problem: PROBLEM });
    expect(bench.mesh.closed).toBe(true);
    expect(bench.view.lobby.problem).toEqual(PROBLEM);
  });

  it("stops everything when the backend is gone", () => {
    bench.controller.lost();
    expect(bench.view.phase).toEqual({ kind: "lost", inCall: true });
    expect(bench.mesh.closed).toBe(true);
    expect(bench.worker.closed).toBe(true);
    expect(bench.opened.every((track) => track.stopped)).toBe(true);
    expect(bench.view.call).toBeNull();
  });

  it("keeps the backend's own word when the socket ends after it", () => {
    bench.receive({ type: "closed", problem: PROBLEM });
    bench.controller.lost();
    expect(bench.view.phase).toMatchObject({ kind: "closed", problem: PROBLEM });
    expect(bench.opened.every((track) => track.stopped)).toBe(true);
  });
});
