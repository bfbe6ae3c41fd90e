import { kindOf, type TrackKind, type TrackName } from "../tracks";
import { type Transforms, TransformsUnsupported } from "../transforms";
import { harden } from "./answer";
import { AUDIO_ONLY_MID, VIDEO_EXTENSIONS } from "./extensions";

/** Who makes a connection says here what becomes of its senders and receivers. */
export interface ConnectionHooks {
  readonly transforms: Transforms;
  /** Which of the own tracks this is; undefined for one that was never given to the relay's client. */
  trackOf(media: MediaStreamTrack): TrackName | undefined;
  /** A connection was made. */
  made(connection: RTCPeerConnection): void;
}

const HOOKS = Symbol("hooks of an attached connection");

/** The configuration that makes the client's `new RTCPeerConnection` an attached one. */
export function attachedConfiguration(hooks: ConnectionHooks, configuration: RTCConfiguration): RTCConfiguration {
  install();
  return { ...configuration, [HOOKS]: hooks } as RTCConfiguration;
}

interface HookedConfiguration extends RTCConfiguration {
  readonly [HOOKS]?: ConnectionHooks;
}

let installed = false;

/**
 * Puts a constructor in place of the window's that makes attached connections where the configuration asks for them, and
 * ordinary ones otherwise. The relay's client offers no other way: it makes its transceivers itself, and a receiver that
 * is given its transform after the task that made it never gets it (see `Transforms`).
 */
function install(): void {
  if (installed) return;
  installed = true;
  const native = globalThis.RTCPeerConnection;
  const Attached = attached(native);
  globalThis.RTCPeerConnection = new Proxy(native, {
    construct(target, [configuration]: [HookedConfiguration?]) {
      const hooks = configuration?.[HOOKS];
      return hooks === undefined ? new target(configuration) : new Attached(configuration ?? {}, hooks);
    },
  });
}

/**
 * A peer connection of which no sender and no receiver is ever without its transform: those that it makes get theirs at
 * once, those that the other side's description makes in the `track` event. A sender of anything but the own tracks is
 * refused. Nothing is negotiated that would describe the content: see `restrict`.
 */
function attached(native: typeof RTCPeerConnection) {
  return class AttachedConnection extends native {
    readonly #hooks: ConnectionHooks;
    readonly #receivers = new WeakSet<RTCRtpReceiver>();

    constructor(configuration: RTCConfiguration, hooks: ConnectionHooks) {
      super(withoutOlderTransforms(configuration));
      this.#hooks = hooks;
      // The relay answers where packets come from: it needs none of this computer's addresses, and is told none.
      Object.defineProperty(this, "onicecandidate", { value: null, writable: true });
      // Before any listener of the client's: a receiver that is used again shows nobody until it is bound anew.
      this.addEventListener("track", ({ receiver }) => {
        if (this.#receivers.has(receiver)) hooks.transforms.unbind(receiver);
        else this.#attach(receiver);
      });
      hooks.made(this);
    }

    override setConfiguration(configuration: RTCConfiguration = {}): void {
      super.setConfiguration(withoutOlderTransforms(configuration));
    }

    override addTransceiver(what: MediaStreamTrack | string, init?: RTCRtpTransceiverInit): RTCRtpTransceiver {
      const track = typeof what === "string" ? undefined : this.#hooks.trackOf(what);
      if (typeof what !== "string" && track === undefined) throw new TypeError("not a track of this person");
      // Of a sender's streams nothing is told: their ids would be the same for all who hear of them.
      const transceiver = super.addTransceiver(what, { ...init, streams: [] });
      if (track !== undefined) this.#hooks.transforms.attachSender(transceiver.sender, track);
      this.#attach(transceiver.receiver);
      restrict(transceiver, track === undefined ? (transceiver.receiver.track.kind as TrackKind) : kindOf(track));
      return transceiver;
    }

    /** The client uses it only where a browser has no transceivers. */
    override addTrack(): RTCRtpSender {
      throw new TypeError("senders are made by addTransceiver alone");
    }

    override createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit>;
    override createOffer(
      success: RTCSessionDescriptionCallback,
      failure: RTCPeerConnectionErrorCallback,
      options?: RTCOfferOptions,
    ): Promise<void>;
    override async createOffer(options?: RTCOfferOptions | RTCSessionDescriptionCallback): Promise<unknown> {
      if (typeof options === "function") throw new TypeError("callbacks are not taken");
      return withoutCandidates(await super.createOffer(options));
    }

    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      this.#assertAttached();
      return super.setLocalDescription(description);
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ ...description, sdp: harden(description.sdp ?? "") });
    }

    #attach(receiver: RTCRtpReceiver): void {
      this.#hooks.transforms.attachUnbound(receiver, receiver.track.kind as TrackKind);
      this.#receivers.add(receiver);
    }

    /** The last look before anything is negotiated. */
    #assertAttached(): void {
      for (const { sender, receiver } of this.getTransceivers()) {
        const bareSender = sender.track !== null && !sender.transform;
        if (bareSender || !receiver.transform) throw new TransformsUnsupported("a sender or receiver has no transform");
      }
    }
  };
}

/** What is negotiated again while connected would name this computer's addresses once more. */
function withoutCandidates({ type, sdp }: RTCSessionDescriptionInit): RTCSessionDescriptionInit {
  return { type, sdp: (sdp ?? "").replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, "") };
}

/** The client asks for an older kind of transform when it hears of encryption; the two exclude each other. */
function withoutOlderTransforms(configuration: RTCConfiguration): RTCConfiguration {
  const { encodedInsertableStreams: _, ...kept } = configuration as RTCConfiguration & Record<string, unknown>;
  return kept;
}

interface WithHeaderExtensions {
  getHeaderExtensionsToNegotiate(): { readonly uri: string; readonly direction: RTCRtpTransceiverDirection }[];
  setHeaderExtensionsToNegotiate(extensions: { uri: string; direction: RTCRtpTransceiverDirection }[]): void;
}

/** VP8 or Opus alone; no audio level, and nothing else that describes the content. */
function restrict(transceiver: RTCRtpTransceiver, kind: TrackKind): void {
  const wanted = kind === "audio" ? ["audio/opus"] : ["video/vp8", "video/rtx"];
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  transceiver.setCodecPreferences(codecs.filter((codec) => wanted.includes(codec.mimeType.toLowerCase())));
  if (!("setHeaderExtensionsToNegotiate" in transceiver)) throw new TransformsUnsupported("no choice of extensions");
  const chooser = transceiver as RTCRtpTransceiver & WithHeaderExtensions;
  const allowed = kind === "audio" ? AUDIO_ONLY_MID : VIDEO_EXTENSIONS;
  chooser.setHeaderExtensionsToNegotiate(
    chooser
      .getHeaderExtensionsToNegotiate()
      .map(({ uri }) => ({ uri, direction: allowed.includes(uri) ? "sendrecv" : "stopped" })),
  );
}
