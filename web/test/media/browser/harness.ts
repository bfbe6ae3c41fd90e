import { listDevices, openCamera, openMicrophone } from "../../../src/media/capture";
import { Levels } from "../../../src/media/levels";
import { Mesh, type MeshProblem, type PeerStatus } from "../../../src/media/mesh";
import { openScreen } from "../../../src/media/screen";
import { newSession } from "../../../src/media/signals";
import type { TrackName } from "../../../src/media/tracks";
import { TestTransforms } from "./test-transforms";

interface Barcode {
  readonly sender: number;
  readonly track: TrackName;
  readonly ageMs: number;
}

interface Tone {
  readonly person: number;
  readonly track: TrackName;
}

interface Synthetic {
  readBarcode(video: HTMLVideoElement): Barcode | null;
  readTone(track: MediaStreamTrack): Promise<Tone | null>;
}

declare global {
  interface Window {
    harness: Harness;
    sottoSynthetic: Synthetic;
  }
}

/** Media of a participant as another one shows it. */
interface Shown {
  readonly media: MediaStreamTrack;
  readonly element: HTMLVideoElement;
}

/** A message on its way. */
export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly session: string;
  readonly data: string;
}

/** One person: a mesh, what it shows, and what it has told. A page that is reloaded is a new mesh with the same id. */
export class Person {
  readonly transforms = new TestTransforms();
  readonly shown = new Map<string, Shown>();
  readonly statuses: PeerStatus[] = [];
  readonly problems: MeshProblem[] = [];
  readonly mesh: Mesh;

  constructor(
    readonly id: string,
    room: Room,
  ) {
    this.mesh = new Mesh({
      self: id,
      transforms: this.transforms,
      iceServers: [],
      sendSignal: (to, session, data) => room.send({ from: id, to, session, data }),
      events: {
        trackAdded: (participant, track, media) => this.#show(`${participant} ${track}`, media),
        trackRemoved: (participant, track) => this.#hide(`${participant} ${track}`),
        status: (_, status) => this.statuses.push(status),
        problem: (_, problem) => this.problems.push(problem),
      },
    });
  }

  /** What is seen of another one: bar code of the camera's or screen's picture. */
  sees(other: Person, track: TrackName): Barcode | null {
    const shown = this.shown.get(`${other.id} ${track}`);
    return shown === undefined ? null : window.sottoSynthetic.readBarcode(shown.element);
  }

  async hears(other: Person, track: TrackName): Promise<Tone | null> {
    const shown = this.shown.get(`${other.id} ${track}`);
    return shown === undefined ? null : window.sottoSynthetic.readTone(shown.media);
  }

  leave(): void {
    this.mesh.close();
    for (const key of [...this.shown.keys()]) this.#hide(key);
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

/** The people of a call and the way of their signals: in order, each a moment later, as a server would. */
export class Room {
  readonly people = new Map<string, Person>();
  readonly log: Delivery[] = [];
  /** Called with each signal; false holds it back for good. */
  deliver: (delivery: Delivery) => boolean = () => true;

  /** Somebody comes. The greater `rank`, the more likely to make the offers. */
  enter(rank: string): Person {
    const person = new Person(rank + newSession().slice(1), this);
    this.people.set(person.id, person);
    return person;
  }

  /** The page of a person is reloaded: the mesh is gone without a word, and a new one takes the id over. */
  reload(person: Person): Person {
    person.leave();
    const again = new Person(person.id, this);
    this.people.set(person.id, again);
    return again;
  }

  /** Everybody learns who is in the call. */
  roster(): void {
    for (const person of this.people.values()) person.mesh.setPeers([...this.people.keys()]);
  }

  send(delivery: Delivery): void {
    this.log.push(delivery);
    setTimeout(() => {
      if (!this.deliver(delivery)) return;
      this.people.get(delivery.to)?.mesh.onSignal(delivery.from, delivery.session, delivery.data);
    });
  }

  close(): void {
    for (const person of this.people.values()) person.leave();
    this.people.clear();
  }
}

/** What the tests call in the page. */
export class Harness {
  room = new Room();
  readonly levels = new Levels();
  readonly listDevices = listDevices;
  readonly openCamera = openCamera;
  readonly openMicrophone = openMicrophone;
  readonly openScreen = openScreen;

  /** A new call with the given people, all with camera and microphone. */
  async call(...ranks: string[]): Promise<Person[]> {
    this.room.close();
    this.room = new Room();
    const people = ranks.map((rank) => this.room.enter(rank));
    for (const person of people) await this.equip(person);
    return people;
  }

  async equip(person: Person): Promise<void> {
    person.mesh.setTrack("microphone", (await openMicrophone()).track);
    person.mesh.setTrack("camera", (await openCamera()).track);
  }

  /** Resolves with what `probe` finds once it is neither null nor false; asked before each painted frame. */
  async until<T>(what: string, probe: () => T | Promise<T>): Promise<Exclude<T, null | false | undefined>> {
    const begin = performance.now();
    for (;;) {
      const found = await probe();
      if (isFound(found)) return found;
      if (performance.now() - begin > 20_000) throw new Error(`not within 20 s: ${what}`);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  /** Resolves once each of these people sees each other one. */
  allSee(people: readonly Person[]): Promise<true> {
    return this.until("everybody sees everybody", () =>
      people.every((a) => people.every((b) => a === b || a.sees(b, "camera")?.track === "camera")),
    );
  }

  /** Resolves once pictures that were taken after this call are shown everywhere, and went through the transforms. */
  async fresh(people: readonly Person[]): Promise<void> {
    const begin = performance.now();
    const before = await this.#counts(people);
    await this.until("fresh pictures", () =>
      people.every((a) =>
        people.every((b) => a === b || (a.sees(b, "camera")?.ageMs ?? Infinity) < performance.now() - begin),
      ),
    );
    await this.until("more frames in the transforms", async () => {
      const now = await this.#counts(people);
      return now.every(({ seen }, i) => seen > (before[i]?.seen ?? 0));
    });
  }

  async #counts(people: readonly Person[]): Promise<{ key: string; seen: number }[]> {
    const all = [];
    for (const person of people) {
      for (const { participant, received } of await person.mesh.stats()) {
        for (const { track, framesSeen } of received) {
          if (framesSeen !== null) all.push({ key: `${person.id} ${participant} ${track}`, seen: framesSeen });
        }
      }
    }
    return all.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** The SDP of all descriptions that crossed. */
  descriptions(): string[] {
    return this.room.log
      .map(({ data }) => JSON.parse(data) as { sdp?: string })
      .flatMap(({ sdp }) => (sdp === undefined ? [] : [sdp]));
  }

  /** How many signals of a type crossed. */
  crossed(type: string): number {
    return this.room.log.filter(({ data }) => (JSON.parse(data) as { type: string }).type === type).length;
  }
}

function isFound<T>(value: T): value is Exclude<T, null | false | undefined> {
  return value !== null && value !== false && value !== undefined;
}

window.harness = new Harness();
