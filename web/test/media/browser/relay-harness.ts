import type { PathState } from "../../../src/media/path";
import { LiveKitSeat } from "../../../src/media/relay/livekit-seat";
import { RelayPath } from "../../../src/media/relay/relay-path";
import { newSession } from "../../../src/media/signals";
import type { TrackName } from "../../../src/media/tracks";
import { TestTransforms } from "./test-transforms";

/** Where the test's relay is: asked from the test before each seat. */
declare global {
  interface Window {
    relayTunnel(failed: string | null): Promise<{ node: string; port: number; token: string }>;
    relay: RelayHarness;
  }
}

/** In the product the backend adds the token; here the page's socket does. */
const Native = WebSocket;
window.WebSocket = class extends Native {
  constructor(address: string | URL, protocols?: string | string[]) {
    const url = new URL(address);
    const token = url.searchParams.get("test_token");
    if (token !== null) url.searchParams.set("access_token", token);
    super(url, protocols ?? []);
  }
};

export class RelayPerson {
  readonly id = newSession();
  readonly transforms = new TestTransforms();
  readonly states: PathState[] = [];
  readonly problems: unknown[] = [];
  readonly shown = new Map<string, { media: MediaStreamTrack; element: HTMLVideoElement }>();
  readonly path: RelayPath;

  constructor(harness: RelayHarness) {
    this.path = new RelayPath({
      self: this.id,
      transforms: this.transforms,
      iceServers: [],
      openTunnel: async (failed) => {
        const { node, port, token } = await window.relayTunnel(failed);
        return { node, url: `ws://127.0.0.1:${port}?test_token=${token}`, failure: () => null };
      },
      takeSeat: LiveKitSeat.take,
      sendSignal: (to, session, data) => {
        harness.signals.push(data);
        setTimeout(() => harness.people.find(({ id }) => id === to)?.path.onSignal(this.id, session, data));
      },
      events: {
        state: (state) => this.states.push(state),
        trackAdded: (participant, track, media) => this.#show(`${participant} ${track}`, media),
        trackRemoved: (participant, track) => this.#hide(`${participant} ${track}`),
        status: () => {},
        problem: (_, problem) => this.problems.push(problem),
      },
    });
  }

  sees(other: RelayPerson, track: TrackName) {
    const shown = this.shown.get(`${other.id} ${track}`);
    return shown === undefined ? null : window.sottoSynthetic.readBarcode(shown.element);
  }

  async hears(other: RelayPerson, track: TrackName) {
    const shown = this.shown.get(`${other.id} ${track}`);
    return shown === undefined ? null : window.sottoSynthetic.readTone(shown.media);
  }

  #show(key: string, media: MediaStreamTrack): void {
    this.#hide(key);
    const element = document.createElement("video");
    element.muted = true;
    element.srcObject = new MediaStream([media]);
    void element.play().catch(() => {});
    document.body.append(element);
    this.shown.set(key, { media, element });
  }

  #hide(key: string): void {
    this.shown.get(key)?.element.remove();
    this.shown.delete(key);
  }
}

export class RelayHarness {
  people: RelayPerson[] = [];
  readonly signals: string[] = [];

  async call(count: number): Promise<RelayPerson[]> {
    this.close();
    this.people = Array.from({ length: count }, () => new RelayPerson(this));
    for (const person of this.people) {
      person.path.setTrack("microphone", (await window.harness.openMicrophone()).track);
      person.path.setTrack("camera", (await window.harness.openCamera()).track);
      person.path.setPeers(this.people.map(({ id }) => id));
    }
    return this.people;
  }

  allSee(): Promise<true> {
    return window.harness.until("everybody sees everybody", () =>
      this.people.every((a) => this.people.every((b) => a === b || a.sees(b, "camera")?.track === "camera")),
    );
  }

  close(): void {
    for (const person of this.people) person.path.close();
    this.people = [];
  }
}

window.relay = new RelayHarness();
