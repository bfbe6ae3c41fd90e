import type { MeshProblem } from "./mesh-events";
import { qualityOf } from "./quality";
import { BadDescription, checkOwn, harden } from "./sdp";
import { type Candidate, type Candidates, type Description, MOST_CANDIDATES, type Signal } from "./signals";
import { kindOf, TRACKS, type TrackName } from "./tracks";
import { adoptTransceiver, assertAttached, makeTransceivers, StreamGroups, type Transceivers } from "./transceivers";
import { type Transforms, TransformsUnsupported } from "./transforms";

/** Milliseconds for which candidates are gathered into one signal. */
const CANDIDATES_WAIT_MS = 5;

/** What a link needs from the peer that owns it. */
export interface LinkOwner {
  readonly participant: string;
  readonly transforms: Transforms;
  readonly configuration: RTCConfiguration;
  /** What this person sends now. */
  media(track: TrackName): MediaStreamTrack | null;
  /** People in the call, oneself included. */
  people(): number;
  send(signal: Signal): void;
  /** The connection's state, or what the other side sends, is another than before. */
  changed(link: Link): void;
  /** The link can't go on. It must be closed, and replaced unless the problem is final. */
  broken(link: Link, problem: MeshProblem): void;
}

/**
 * One RTCPeerConnection with one participant: from the first offer to its end, with all renegotiation between.
 *
 * The four m-lines are negotiated once. Switching a camera or a screen on and off afterwards only replaces the sender's
 * track, so it needs no word from the other side, and no receiver is ever made late. What is left to negotiate later are
 * restarts of ICE.
 *
 * Only the side that made the first offer makes any; the other one asks it to (`restart` signal). So offers never
 * collide. With perfect negotiation they may, and are then rolled back; but Chromium makes the receive streams anew after
 * a rollback, without their transforms and without telling: ciphertext reaches the decoder.
 *
 * Everything that touches the negotiation runs one after the other in `#queue`.
 */
export class Link {
  readonly connection: RTCPeerConnection;
  /** Restarts of ICE that this side asked for. */
  restarts = 0;
  #transceivers: Transceivers = new Map();
  readonly #groups = new StreamGroups();
  #theySend: readonly TrackName[] = [];
  #queue: Promise<void> = Promise.resolve();
  #ownRound = 0;
  #theirRound = 0;
  #described = false;
  #closed = false;
  #candidates: Candidate[] = [];
  #candidatesTimer: ReturnType<typeof setTimeout> | null = null;

  private constructor(
    readonly id: string,
    private readonly owner: LinkOwner,
    private readonly offers: boolean,
  ) {
    this.connection = new RTCPeerConnection(owner.configuration);
    this.connection.addEventListener("icecandidate", (event) => this.#onCandidate(event.candidate));
    this.connection.addEventListener("connectionstatechange", () => {
      if (!this.#closed) this.owner.changed(this);
    });
    if (offers) this.connection.addEventListener("negotiationneeded", () => this.#enqueue(() => this.#offer()));
    else this.connection.addEventListener("track", ({ transceiver }) => this.#onTrack(transceiver));
  }

  /** Opens a link by offering it. The offer leaves by itself a moment later. */
  static offering(id: string, owner: LinkOwner): Link {
    const link = new Link(id, owner, true);
    try {
      link.#transceivers = makeTransceivers(
        link.connection,
        owner.participant,
        owner.transforms,
        (track) => owner.media(track),
        link.#groups,
      );
    } catch (error) {
      link.#break(error);
    }
    for (const track of TRACKS) link.setTrack(track);
    return link;
  }

  /** Opens a link that the other side has offered; `onDescription` with its first offer has to follow. */
  static answering(id: string, owner: LinkOwner): Link {
    return new Link(id, owner, false);
  }

  /** What the other side sends now, with the tracks that play it; empty until the first description is applied. */
  received(): ReadonlyMap<TrackName, MediaStreamTrack> {
    const tracks = new Map<TrackName, MediaStreamTrack>();
    for (const track of this.#theySend) {
      const transceiver = this.#transceivers.get(track);
      if (transceiver !== undefined && this.#theirsApplied()) tracks.set(track, transceiver.receiver.track);
    }
    return tracks;
  }

  /** The receivers of what the other side sends now. */
  receivers(): ReadonlyMap<TrackName, RTCRtpReceiver> {
    const receivers = new Map<TrackName, RTCRtpReceiver>();
    for (const track of this.#theySend) {
      const transceiver = this.#transceivers.get(track);
      if (transceiver !== undefined) receivers.set(track, transceiver.receiver);
    }
    return receivers;
  }

  /** The track of an m-line, for statistics. */
  trackOf(mid: string | null): TrackName | null {
    for (const [track, transceiver] of this.#transceivers) if (transceiver.mid === mid) return track;
    return null;
  }

  /** Applies an offer or answer. Repeated ones are dropped. */
  onDescription(description: Description): void {
    this.#enqueue(() => (description.type === "offer" ? this.#onOffer(description) : this.#onAnswer(description)));
  }

  onCandidates({ candidates }: Candidates): void {
    this.#enqueue(async () => {
      for (const candidate of candidates) {
        try {
          await this.connection.addIceCandidate(candidate);
        } catch {
          // Of a generation that a restart has ended, or of a kind that this browser does not know. Neither harms the
          // connection; without any good candidate it ends as one that can't be reached.
        }
      }
    });
  }

  onSends(sends: readonly TrackName[]): void {
    this.#enqueue(async () => this.#setTheySend(sends));
  }

  /** Sends what the owner's `media` holds for this track now, in the quality that fits the number of people. */
  setTrack(track: TrackName): void {
    this.#enqueue(async () => {
      const sender = this.#transceivers.get(track)?.sender;
      // Before the first offer is applied there is no sender yet; it takes the track when it is made.
      if (sender === undefined) return;
      const media = this.owner.media(track);
      if (sender.track !== media) await sender.replaceTrack(media);
      await this.#setQuality(track, sender);
    });
  }

  /** Looks for another path between the two, with the media going on: offers new ICE credentials, or asks for it. */
  restart(): void {
    this.restarts++;
    if (this.offers) this.connection.restartIce();
    else this.owner.send({ type: "restart", link: this.id });
  }

  /** The current description once more, for a page that may have missed it; only while it is unanswered. */
  repeatOffer(): void {
    this.#enqueue(async () => {
      if (this.connection.signalingState === "have-local-offer") this.#sendDescription("offer", this.#ownRound);
    });
  }

  /** Whether the first offer of this side still waits for its answer. */
  get unanswered(): boolean {
    return this.connection.remoteDescription === null;
  }

  close(): void {
    this.#closed = true;
    if (this.#candidatesTimer !== null) clearTimeout(this.#candidatesTimer);
    this.connection.close();
  }

  async #offer(): Promise<void> {
    // The browser asks again by itself once the exchange under way is done.
    if (this.connection.signalingState !== "stable") return;
    assertAttached(this.connection);
    this.#described = false;
    await this.connection.setLocalDescription();
    this.#ownRound++;
    this.#sendDescription("offer", this.#ownRound);
  }

  async #onOffer({ round, sdp, sends }: Description): Promise<void> {
    if (this.offers || round <= this.#theirRound) return;
    this.#theirRound = round;
    const first = this.connection.remoteDescription === null;
    await this.connection.setRemoteDescription({ type: "offer", sdp: harden(sdp) });
    assertAttached(this.connection);
    if (first) {
      for (const [track, { sender }] of this.#transceivers) {
        const media = this.owner.media(track);
        if (media !== null) await sender.replaceTrack(media);
      }
    }
    this.#described = false;
    await this.connection.setLocalDescription();
    this.#sendDescription("answer", round);
    this.#setTheySend(sends);
    if (first) for (const [track, { sender }] of this.#transceivers) await this.#setQuality(track, sender);
  }

  async #onAnswer({ round, sdp, sends }: Description): Promise<void> {
    if (this.connection.signalingState !== "have-local-offer" || round !== this.#ownRound) return;
    await this.connection.setRemoteDescription({ type: "answer", sdp: harden(sdp) });
    this.#setTheySend(sends);
  }

  #onTrack(transceiver: RTCRtpTransceiver): void {
    try {
      const mid = this.connection.getTransceivers().indexOf(transceiver);
      const { participant, transforms } = this.owner;
      const track = adoptTransceiver(transceiver, mid, participant, transforms, this.#groups);
      if (track !== null) this.#transceivers = new Map([...this.#transceivers, [track, transceiver]]);
    } catch (error) {
      this.#break(error);
    }
  }

  #onCandidate(candidate: RTCIceCandidate | null): void {
    if (candidate === null || candidate.sdpMid === null || candidate.usernameFragment === null || this.#closed) return;
    const { candidate: line, sdpMid, usernameFragment } = candidate;
    this.#candidates.push({ candidate: line, sdpMid, usernameFragment });
    this.#candidatesTimer ??= setTimeout(() => this.#flushCandidates(), CANDIDATES_WAIT_MS);
  }

  #flushCandidates(): void {
    this.#candidatesTimer = null;
    // A candidate is of no use to the other side before the description that it belongs to.
    if (!this.#described) return;
    while (this.#candidates.length > 0) {
      const candidates = this.#candidates.splice(0, MOST_CANDIDATES);
      this.owner.send({ type: "candidates", link: this.id, candidates });
    }
  }

  #sendDescription(type: "offer" | "answer", round: number): void {
    const sdp = this.connection.localDescription?.sdp;
    if (sdp === undefined || this.#closed) return;
    checkOwn(sdp);
    this.owner.send({ type, link: this.id, round, sdp, sends: sendsOf(this.owner) });
    this.#described = true;
    if (this.#candidatesTimer === null) this.#flushCandidates();
  }

  #setTheySend(sends: readonly TrackName[]): void {
    this.#theySend = sends;
    this.owner.changed(this);
  }

  #theirsApplied(): boolean {
    return this.connection.remoteDescription !== null && !this.#closed;
  }

  async #setQuality(track: TrackName, sender: RTCRtpSender): Promise<void> {
    if (kindOf(track) === "audio" || sender.track === null) return;
    const quality = qualityOf(track, this.owner.people(), sender.track.getSettings().height ?? null);
    const parameters = sender.getParameters();
    const encoding = parameters.encodings[0];
    if (quality === null || encoding === undefined) return;
    encoding.maxBitrate = quality.maxBitrate;
    encoding.scaleResolutionDownBy = quality.scaleResolutionDownBy;
    parameters.degradationPreference = quality.degradationPreference;
    await sender.setParameters(parameters);
  }

  #enqueue(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) return;
      try {
        await step();
      } catch (error) {
        if (!this.#closed) this.#break(error);
      }
    });
  }

  #break(error: unknown): void {
    // Closed at once, so that nothing more leaves; the owner hears of it when it has finished what it is doing.
    this.close();
    const problem = problemOf(error);
    queueMicrotask(() => this.owner.broken(this, problem));
  }
}

/** The tracks that a person sends now, in their fixed order. */
export function sendsOf(owner: Pick<LinkOwner, "media">): TrackName[] {
  return TRACKS.filter((track) => owner.media(track) !== null);
}

function problemOf(error: unknown): MeshProblem {
  if (error instanceof TransformsUnsupported) return { kind: "no-transforms" };
  if (error instanceof BadDescription) return { kind: "bad-signal", reason: error.message };
  return { kind: "negotiation", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
}
