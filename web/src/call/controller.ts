import type { BackendToPage } from "../bridge/messages";
import type { TrackName } from "../media/tracks";
import { CallMedia } from "./call-media";
import { LastLevel } from "./levels";
import { cleanName } from "./names";
import { Notices } from "./notices";
import { OwnMedia } from "./own-media";
import { PanelFeeds } from "./panel-feeds";
import type { OpenPath } from "./path-switch";
import type { CallWorker, Ports } from "./ports";
import { savePreferences } from "./preferences";
import { NO_BACKEND, NO_TRANSFORMS, NO_WORKER } from "./problems";
import { Store } from "./store";
import { Tunnels } from "./tunnels";
import { type Actions, type CallState, type Problem, START, type ViewState } from "./view-state";
import { WorkerKeeper } from "./worker-keeper";

/** So many workers gone in a row end a join that waits for one. */
const HOPELESS_WORKERS = 3;

/**
 * The call, as the page sees it: takes the backend's messages, media events and a person's actions, and makes the view
 * state of them. Runs on the page's main thread and never sees a key.
 */
export class Controller {
  readonly store: Store;
  readonly level = new LastLevel();
  readonly #ports: Ports;
  readonly #worker: WorkerKeeper;
  readonly #tunnels: Tunnels;
  readonly #media: CallMedia;
  readonly #own: OwnMedia;
  readonly #panels: PanelFeeds;
  readonly #notices: Notices;
  /** Link to join as soon as the worker is ready. */
  #pendingJoin: string | null = null;
  /** After the own leave: what still comes of that call is no news. */
  #leaving = false;
  /** Whether this page itself joined the running call, or found it running after a reload. */
  #joined = false;

  constructor(ports: Ports, state: ViewState = START) {
    this.#ports = ports;
    this.store = new Store(state);
    this.#notices = new Notices(ports, this.store);
    const toast = (text: string) => this.#notices.toast(text);
    this.#tunnels = new Tunnels(
      (failed) => ports.send({ type: "getRelayTunnel", failed }),
      () => ports.origin(),
      (milliseconds, later) => ports.after(milliseconds, later),
    );
    this.#media = new CallMedia(ports, this.store, this.#tunnels, toast);
    this.#panels = new PanelFeeds(ports, this.store, () => this.#media.stats());
    this.#worker = new WorkerKeeper(ports, this.store, (worker) => this.#workerChanged(worker));
    const send = (track: TrackName, media: MediaStreamTrack | null) => this.#media.setTrack(track, media);
    this.#own = new OwnMedia(ports, this.store, this.level, send, toast);
  }

  /** Connections of the running call and the worker; for support. */
  get internals(): { readonly paths: readonly OpenPath[]; readonly worker: CallWorker | null } {
    return { paths: this.#media.paths, worker: this.#worker.worker };
  }

  /** @returns false, with the reason in the view, if this browser can't take part in any call */
  canStart(): boolean {
    if (this.#ports.transformsSupported()) return true;
    this.#close(NO_TRANSFORMS, false);
    return false;
  }

  /** The socket never opened. */
  refused(): void {
    this.#close(NO_BACKEND, true);
  }

  /** The socket is gone. Everything stops at once: without the backend there are no keys, so nothing may go on. */
  lost(): void {
    const { phase } = this.store.state;
    if (phase.kind === "closed" || phase.kind === "lost") return;
    const inCall = phase.kind === "call";
    this.#stopEverything();
    this.store.set({ phase: { kind: "lost", inCall } });
  }

  /** One message of the backend. */
  receive(message: BackendToPage): void {
    switch (message.type) {
      case "welcome": {
        const { app, embedded, server, fingerprint, preferences, openLink } = message;
        const { media } = this.store.state;
        this.store.set({
          phase: { kind: "lobby" },
          welcome: { app, embedded, server, fingerprint },
          preferences,
          media: { ...media, microphone: preferences.microphoneOn, camera: preferences.cameraOn },
        });
        this.store.lobby({ name: preferences.name, invitation: openLink });
        this.#worker.ask();
        this.#own.open();
        return;
      }
      case "workerTicket":
        this.#worker.start(message.ticket);
        return;
      case "roomCreated":
        if (this.store.state.lobby.busy === "creating") this.#enter(message.link);
        return;
      case "linkChecked":
        if (message.link === this.store.state.lobby.link) this.store.lobby({ linkProblem: message.problem });
        return;
      case "callProgress":
        if (!this.#leaving) this.store.lobby({ busy: "joining", stage: message.stage });
        return;
      case "callState":
        if (!this.#leaving) this.#callState(message);
        return;
      case "callFailed":
        this.#callFailed(message.problem);
        return;
      case "callEnded":
        this.#callEnded(message.problem);
        return;
      case "signal":
        if (!this.#leaving) this.#media.signal(message.from, message.session, message.data);
        return;
      case "relayTunnel":
        this.#tunnels.given(message.node, message.tunnel);
        return;
      case "relayTunnelFailed":
        this.#tunnels.cameToNothing(message.tunnel, message.problem);
        return;
      case "relayRefused":
        this.#tunnels.refused(message.problem);
        return;
      case "alarm":
        this.#notices.alarm(message.problem);
        return;
      case "notice":
        this.#notices.toast(message.text);
        return;
      case "journal":
        this.#panels.journal(message.entries);
        return;
      case "screenSources":
        this.#own.sharing.listed(message.sources);
        return;
      case "anotherPageAsks":
        this.store.set({ anotherPage: { request: message.request, userAgent: message.userAgent } });
        return;
      case "waitForYes":
        this.store.set({ phase: { kind: "waiting-for-yes" } });
        return;
      case "pageToken":
        // The socket keeps it; the welcome follows.
        return;
      case "closed":
        this.#close(message.problem, false);
        return;
    }
  }

  readonly actions: Actions = {
    setName: (name) => this.store.lobby({ name, nameMissing: false }),
    setLink: (link) => {
      this.store.lobby({ link, linkProblem: null });
      // What was pasted is looked at right away; who types is left in peace until the end.
      if (link.trim().length > 60) this.#ports.send({ type: "checkLink", link });
    },
    newRoom: () => {
      if (!this.#readyToGo()) return;
      this.store.lobby({ busy: "creating" });
      this.#ports.send({ type: "newRoom", path: this.store.state.lobby.path });
    },
    choosePath: (path) => this.store.lobby({ path }),
    askPath: (path) => this.store.set({ pathAsked: path }),
    setAsideLoss: () => this.store.set({ lossSetAside: this.store.state.paths.at(-1)?.number ?? null }),
    setPath: (path) => {
      this.store.set({ pathAsked: null });
      if (this.store.state.call?.maySetPath) this.#ports.send({ type: "setPath", path });
    },
    painted: (participant, track, media) => this.#media.painted(participant, track, media),
    shown: (participant, track, size) => this.#media.shown(participant, track, size),
    joinLink: () => {
      if (this.#readyToGo()) this.#enter(this.store.state.lobby.link.trim());
    },
    joinInvitation: () => {
      const { invitation } = this.store.state.lobby;
      if (invitation !== null && this.#readyToGo()) this.#enter(invitation);
    },
    setAsideInvitation: () => this.store.lobby({ invitation: null }),
    leave: () => this.#leave(),
    toggleMicrophone: () => this.#own.toggle("microphone"),
    toggleCamera: () => this.#own.toggle("camera"),
    chooseCamera: (label) => this.#own.choose("camera", label),
    chooseMicrophone: (label) => this.#own.choose("microphone", label),
    retryDevices: () => this.#own.retry(),
    answerConsent: (allow) => this.#own.answerConsent(allow),
    toggleSharing: () => {
      if (this.store.state.phase.kind === "call") this.#own.sharing.toggle();
    },
    shareSource: (source) => this.#own.sharing.share(source),
    setScreenRate: (rate) => this.#own.sharing.setRate(rate),
    closePicker: () => this.#own.sharing.closePicker(),
    refreshPicker: () => this.#own.sharing.openPicker(),
    togglePanel: (panel) => this.#panels.show(this.store.state.panel === panel ? null : panel),
    closePanel: () => this.#panels.show(null),
    copyLink: () => {
      const link = this.store.state.call?.link;
      if (link === undefined) return;
      this.#ports
        .copy(link)
        .then(() => this.#notices.toast("Link copied. Send it through something you trust."))
        .catch(() => this.#notices.toast("The link could not be copied. Select it and copy it by hand."));
    },
    setRules: ({ locked, membersSwitchPath }) => this.#ports.send({ type: "setRules", locked, membersSwitchPath }),
    admit: (id, allow) => this.#ports.send({ type: "admit", id, allow }),
    removeParticipant: (id) => this.#ports.send({ type: "removeParticipant", id }),
    liftRemoval: (id) => this.#ports.send({ type: "liftRemoval", id }),
    nameHost: (id, host) => this.#ports.send({ type: "nameHost", id, host }),
    dismissAlarm: (id) => this.#notices.dismissAlarm(id),
    dismissToast: (id) => this.#notices.dismissToast(id),
    dismissLobbyProblem: () => this.store.lobby({ problem: null }),
    answerPage: (allow) => {
      const { anotherPage } = this.store.state;
      if (!anotherPage) return;
      this.store.set({ anotherPage: null });
      this.#ports.send({ type: "answerPage", request: anotherPage.request, allow });
    },
    letSoundThrough: () => {
      this.#ports.playSounds();
      this.store.set({ soundHeld: false });
    },
    reportSoundHeld: () => this.store.set({ soundHeld: true }),
    reload: () => this.#ports.reload(),
  };

  // Into a call

  /** Takes the name; says so if there is none. */
  #readyToGo(): boolean {
    const { lobby } = this.store.state;
    const name = cleanName(lobby.name);
    if (lobby.busy !== null) return false;
    if (name === "") {
      this.store.lobby({ nameMissing: true });
      return false;
    }
    this.#ports.mark("sotto:join-click");
    this.store.lobby({ name, problem: null, linkProblem: null, left: false });
    savePreferences(this.#ports, this.store, { name });
    return true;
  }

  /** Asks to join, as soon as there is a worker to take the keys. */
  #enter(link: string): void {
    this.store.lobby({ busy: "joining", stage: null });
    if (this.#worker.worker) this.#join(link);
    else this.#pendingJoin = link;
  }

  #join(link: string): void {
    this.#pendingJoin = null;
    this.#joined = true;
    this.#ports.send({ type: "join", link, name: this.store.state.lobby.name });
  }

  #workerChanged(worker: CallWorker | null): void {
    this.#media.useWorker(worker);
    if (this.#pendingJoin === null) return;
    if (worker) {
      this.#join(this.#pendingJoin);
    } else if (this.#worker.deaths >= HOPELESS_WORKERS) {
      this.#pendingJoin = null;
      this.#callFailed(NO_WORKER);
    }
  }

  #callState(call: CallState): void {
    const entering = this.store.state.call === null;
    if (entering && !this.#joined) this.#resume(call);
    const before = new Set(this.store.state.call?.waiting.map((one) => one.id));
    this.store.set({ call, phase: { kind: "call" } });
    for (const one of call.waiting)
      if (!before.has(one.id)) this.#notices.toast(`${one.name} waits to be let in. See People.`);
    if (entering) {
      this.store.lobby({ busy: null, stage: null, invitation: null, link: "", left: false, problem: null });
      this.#own.callBegins();
    }
    this.#media.follow(call);
    this.#own.tell();
  }

  /** After a reload: under the name, and with the microphone and camera, as they were. */
  #resume(call: CallState): void {
    const self = call.participants.find((person) => person.self);
    if (!self) return;
    this.store.lobby({ name: self.name });
    this.#own.resume(self.media);
  }

  // Out of a call

  #leave(): void {
    const { phase, lobby } = this.store.state;
    if (phase.kind === "call") {
      this.#endCall();
      this.store.lobby({ left: true });
    } else if (lobby.busy === null) {
      return;
    }
    // A room that was asked for and not entered, or a join that has not been sent yet, needs no leave.
    if (this.#joined) {
      this.#leaving = true;
      this.#ports.send({ type: "leave" });
    }
    this.#joined = false;
    this.#pendingJoin = null;
    this.store.lobby({ busy: null, stage: null });
  }

  #callFailed(problem: Problem): void {
    this.#joined = false;
    if (this.#leaving) {
      this.#leaving = false;
      return;
    }
    const ofLink = problem.code.startsWith("link.") && this.store.state.lobby.invitation === null;
    this.store.lobby({
      busy: null,
      stage: null,
      ...(ofLink ? { linkProblem: problem } : { problem }),
    });
  }

  #callEnded(problem: Problem | null): void {
    if (this.#leaving) {
      this.#leaving = false;
      return;
    }
    const inCall = this.store.state.phase.kind === "call";
    if (!inCall && !this.#joined && problem === null) return;
    this.#joined = false;
    if (inCall) this.#endCall();
    this.store.lobby({ busy: null, stage: null, problem, left: problem === null });
  }

  #endCall(): void {
    this.#own.sharing.stop();
    this.#media.end();
    this.#panels.show(null);
    this.store.set({ phase: { kind: "lobby" }, call: null, soundHeld: false, pathAsked: null, lossSetAside: null });
  }

  #close(problem: Problem, canReload: boolean): void {
    this.#stopEverything();
    this.store.set({ phase: { kind: "closed", problem, canReload } });
  }

  #stopEverything(): void {
    this.#panels.show(null);
    this.#own.sharing.stop();
    this.#media.end();
    this.#worker.close();
    this.#own.close();
    this.store.set({ call: null, consentAsked: false, anotherPage: null, workerAway: false });
  }
}
