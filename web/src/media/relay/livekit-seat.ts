import {
  type BaseE2EEManager,
  ConnectionState,
  DisconnectReason,
  type LocalTrackPublication,
  LogLevel,
  ParticipantEvent,
  type RemoteTrack,
  type RemoteTrackPublication,
  Room,
  RoomEvent,
  setLogLevel,
} from "livekit-client";
import type { ShownSize, Tunnel } from "../path";
import type { TrackName } from "../tracks";
import { type Transforms, TransformsUnsupported } from "../transforms";
import { attachedConfiguration } from "./attached-connection";
import { EncryptionMark } from "./encryption-mark";
import { publishOptions } from "./publish-options";
import { type Incoming, MediaBlocked, type Seat, type SeatEvents } from "./seat";

/** How long signalling and the media connection may each take. */
const CONNECT_WITHIN_MS = 6_000;
/** A connection without any answer for so long won't come back. */
const DISCONNECTED_FOR_MS = 1_500;
/** The client tries to mend its signalling once, in vain since a tunnel opens once; then it is to keep still. */
const KEEP_STILL_MS = 60_000;

/** What a node says to somebody whom it does not keep; every other reason is the client's own. */
const SENT_AWAY: ReadonlySet<DisconnectReason | undefined> = new Set([
  DisconnectReason.DUPLICATE_IDENTITY,
  DisconnectReason.SERVER_SHUTDOWN,
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
]);

interface Sent {
  readonly publication: LocalTrackPublication;
  readonly sender: RTCRtpSender;
}

/** A seat in a room of a LiveKit server, version 1.13 or newer. */
export class LiveKitSeat implements Seat {
  identity = "";
  readonly others = new Set<string>();
  readonly #room: Room;
  readonly #names = new WeakMap<MediaStreamTrack, TrackName>();
  readonly #sent = new Map<TrackName, Sent>();
  readonly #incoming = new Map<RTCRtpReceiver, Incoming>();
  readonly #publications = new WeakMap<Incoming, RemoteTrackPublication>();
  /** One thing after the other, for each track. */
  readonly #sending = new Map<TrackName, Promise<unknown>>();
  #connection: RTCPeerConnection | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The node has let this client in: what is left is media. */
  #admitted = false;
  #closed = false;
  #failed = false;

  private constructor(
    readonly node: string,
    private readonly transforms: Transforms,
    private readonly events: SeatEvents,
  ) {
    setLogLevel(LogLevel.silent);
    const mark = new EncryptionMark((trailer) => transforms.expectInjected(trailer));
    this.#room = new Room({
      // The own elements say what is shown; see `MediaPath`. Layers that nobody wants are not encoded.
      adaptiveStream: false,
      dynacast: true,
      disconnectOnPageLeave: true,
      stopLocalTrackOnUnpublish: false,
      e2ee: { e2eeManager: mark as unknown as BaseE2EEManager },
      reconnectPolicy: { nextRetryDelayInMs: ({ retryCount }) => (retryCount === 0 ? 0 : KEEP_STILL_MS) },
    });
    this.#listen();
  }

  /**
   * Takes a seat.
   *
   * @throws Error if the node can't be reached, or not in time; MediaBlocked if it answers, but no media gets through;
   *     TransformsUnsupported if nothing could be encrypted
   */
  static async take(tunnel: Tunnel, transforms: Transforms, events: SeatEvents): Promise<Seat> {
    let taken = false;
    // The client may wait for ever when its seat is lost before it has it.
    const { promise: lost, reject } = Promise.withResolvers<never>();
    const seat = new LiveKitSeat(tunnel.node, transforms, {
      changed: () => events.changed(),
      failed: (reason) => (taken ? events.failed(reason) : reject(new Error(reason))),
    });
    const timer = setTimeout(() => reject(new Error("not in time")), 2 * CONNECT_WITHIN_MS);
    try {
      await Promise.race([seat.#connect(tunnel.url), lost]);
      taken = true;
      return seat;
    } catch (error) {
      seat.close();
      if (seat.#admitted && !(error instanceof TransformsUnsupported)) throw new MediaBlocked(String(error));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get incoming(): readonly Incoming[] {
    return [...this.#incoming.values()];
  }

  get connection(): RTCPeerConnection {
    if (this.#connection === null) throw new TransformsUnsupported("the relay's client made no attached connection");
    return this.#connection;
  }

  send(track: TrackName, media: MediaStreamTrack | null): Promise<string | null> {
    const before = this.#sending.get(track) ?? Promise.resolve();
    const now = before.then(() => this.#send(track, media));
    this.#sending.set(
      track,
      now.catch(() => undefined),
    );
    return now;
  }

  sentBy(mid: string | null): TrackName | null {
    const sender = this.connection.getTransceivers().find((transceiver) => transceiver.mid === mid)?.sender;
    for (const [track, sent] of this.#sent) if (sent.sender === sender) return track;
    return null;
  }

  want(incoming: Incoming, size: ShownSize | null): void {
    const publication = this.#publications.get(incoming);
    if (this.#closed || publication === undefined || this.#incoming.get(incoming.receiver) !== incoming) return;
    if (size !== null) publication.setVideoDimensions(size);
    publication.setEnabled(size !== null);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    void this.#room.disconnect(false);
    this.#incoming.clear();
  }

  async #connect(url: string): Promise<void> {
    const rtcConfig = attachedConfiguration(
      {
        transforms: this.transforms,
        trackOf: (media) => this.#names.get(media),
        made: (connection) => this.#made(connection),
      },
      // Without this the relay's own list would be used, which names strangers' servers.
      { iceServers: [], bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" },
    );
    await this.#room.connect(url, "held-by-the-backend", {
      rtcConfig,
      autoSubscribe: true,
      maxRetries: 0,
      websocketTimeout: CONNECT_WITHIN_MS,
      peerConnectionTimeout: CONNECT_WITHIN_MS,
    });
    if (this.#connection === null) throw new TransformsUnsupported("the relay's client made no attached connection");
    await this.#room.setE2EEEnabled(true);
    this.identity = this.#room.localParticipant.identity;
    for (const identity of this.#room.remoteParticipants.keys()) this.others.add(identity);
  }

  #made(connection: RTCPeerConnection): void {
    // Another one would be the client's own attempt to mend what is broken.
    if (this.#connection !== null) {
      this.#fail("a second connection");
      return;
    }
    this.#connection = connection;
    connection.addEventListener("connectionstatechange", () => {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      const state = connection.connectionState;
      if (state === "failed" || state === "closed") this.#fail(`connection ${state}`);
      else if (state === "disconnected") {
        this.#timer = setTimeout(() => this.#fail("no answer from the relay"), DISCONNECTED_FOR_MS);
      }
    });
  }

  #listen(): void {
    this.#room
      .on(RoomEvent.SignalConnected, () => {
        this.#admitted = true;
      })
      .on(RoomEvent.ParticipantConnected, ({ identity }) => {
        this.others.add(identity);
        this.#changed();
      })
      .on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
        this.others.delete(identity);
        this.#changed();
      })
      .on(RoomEvent.TrackSubscribed, (track: RemoteTrack, publication, { identity }) => {
        const { receiver } = track;
        if (receiver === undefined) return;
        const incoming = { identity, name: publication.trackSid, receiver };
        this.#publications.set(incoming, publication);
        this.#incoming.set(receiver, incoming);
        this.#changed();
      })
      .on(RoomEvent.TrackUnsubscribed, (track: RemoteTrack, publication) => {
        const { receiver } = track;
        // A receiver may show the next one already.
        if (receiver === undefined || this.#incoming.get(receiver)?.name !== publication.trackSid) return;
        this.#incoming.delete(receiver);
        this.#changed();
      })
      .on(RoomEvent.SignalReconnecting, () => this.#fail("signalling lost"))
      .on(RoomEvent.Reconnecting, () => this.#fail("connection lost"))
      .on(RoomEvent.Disconnected, (reason) => {
        if (SENT_AWAY.has(reason)) this.#admitted = false;
        this.#fail("disconnected");
      });
  }

  async #send(track: TrackName, media: MediaStreamTrack | null): Promise<string | null> {
    if (this.#closed) return null;
    const sent = this.#sent.get(track);
    if (sent !== undefined) {
      if (sent.sender.track !== media) await sent.sender.replaceTrack(media);
      return sent.publication.trackSid;
    }
    return media === null ? null : this.#publish(track, media);
  }

  /**
   * Publishes a copy, and sends the original in its place: the copy's id is random and new, where the original's would
   * link this stay to others of the same device.
   */
  async #publish(track: TrackName, media: MediaStreamTrack): Promise<string> {
    const copy = media.clone();
    this.#names.set(copy, track);
    try {
      let sender: RTCRtpSender | undefined;
      const { localParticipant } = this.#room;
      const created = (made: RTCRtpSender, { mediaStreamTrack }: { mediaStreamTrack: MediaStreamTrack }) => {
        if (mediaStreamTrack !== copy) return;
        sender = made;
        void made.replaceTrack(media);
      };
      localParticipant.on(ParticipantEvent.LocalSenderCreated, created);
      try {
        const publication = await localParticipant.publishTrack(copy, publishOptions(track, media));
        if (sender?.transform === null || sender === undefined)
          throw new TransformsUnsupported("a sender has no transform");
        this.#sent.set(track, { publication, sender });
        return publication.trackSid;
      } finally {
        localParticipant.off(ParticipantEvent.LocalSenderCreated, created);
      }
    } finally {
      copy.stop();
    }
  }

  #changed(): void {
    if (!this.#closed && this.#room.state === ConnectionState.Connected) this.events.changed();
  }

  #fail(reason: string): void {
    if (this.#closed || this.#failed) return;
    this.#failed = true;
    this.events.failed(reason);
  }
}
