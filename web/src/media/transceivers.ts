import { extensionAllowed } from "./sdp";
import { kindOf, TRACKS, type TrackName } from "./tracks";
import { type Transforms, TransformsUnsupported } from "./transforms";

/** Chromium's way to choose header extensions, not yet in TypeScript's library. */
interface WithHeaderExtensions {
  getHeaderExtensionsToNegotiate(): HeaderExtension[];
  setHeaderExtensionsToNegotiate(extensions: HeaderExtension[]): void;
}

interface HeaderExtension {
  readonly uri: string;
  readonly direction: RTCRtpTransceiverDirection;
}

/** The four transceivers of one connection, by track. */
export type Transceivers = ReadonlyMap<TrackName, RTCRtpTransceiver>;

/**
 * Makes the four transceivers of a connection that this side offers, in the fixed order, with their transforms. All in
 * one task: a receiver whose transform is set later than its creation never gets it (see `Transforms`).
 *
 * @param groups pictures and sound that belong together are played in step because they share a stream id
 */
export function makeTransceivers(
  connection: RTCPeerConnection,
  participant: string,
  transforms: Transforms,
  media: (track: TrackName) => MediaStreamTrack | null,
  groups: StreamGroups,
): Transceivers {
  const made = new Map<TrackName, RTCRtpTransceiver>();
  for (const track of TRACKS) {
    const transceiver = connection.addTransceiver(media(track) ?? kindOf(track), {
      direction: "sendrecv",
      streams: [groups.of(track)],
    });
    transforms.attachSender(transceiver.sender, track);
    transforms.attachReceiver(transceiver.receiver, participant, track);
    restrict(transceiver, track);
    made.set(track, transceiver);
  }
  return made;
}

/**
 * Takes over a transceiver that the other side's offer made. To be called in the `track` event, for the same reason.
 *
 * @param mid which m-line it is
 * @returns its track, or null for an m-line that no offer of ours has
 */
export function adoptTransceiver(
  transceiver: RTCRtpTransceiver,
  mid: number,
  participant: string,
  transforms: Transforms,
  groups: StreamGroups,
): TrackName | null {
  const track = TRACKS[mid];
  if (track === undefined) return null;
  transforms.attachReceiver(transceiver.receiver, participant, track);
  transforms.attachSender(transceiver.sender, track);
  transceiver.sender.setStreams(groups.of(track));
  transceiver.direction = "sendrecv";
  restrict(transceiver, track);
  return track;
}

/**
 * The last look before anything is offered or answered: four tracks, and not one sender or receiver that would pass
 * frames by the transform.
 *
 * @throws TransformsUnsupported
 */
export function assertAttached(connection: RTCPeerConnection): void {
  const all = connection.getTransceivers();
  const bare = all.some(({ sender, receiver }) => !isAttached(sender.transform) || !isAttached(receiver.transform));
  if (all.length !== TRACKS.length || bare) throw new TransformsUnsupported("a sender or receiver has no transform");
}

function isAttached(transform: RTCRtpSender["transform"] | undefined): boolean {
  return transform !== null && transform !== undefined;
}

/** VP8 or Opus, with retransmission for video; none of the header extensions that describe the content. */
function restrict(transceiver: RTCRtpTransceiver, track: TrackName): void {
  const kind = kindOf(track);
  const wanted = kind === "audio" ? ["audio/opus"] : ["video/vp8", "video/rtx"];
  transceiver.setCodecPreferences(codecsOf(kind).filter((codec) => wanted.includes(codec.mimeType.toLowerCase())));
  if (!choosesExtensions(transceiver)) return; // `checkOwn` refuses to send what such a browser would offer.
  const extensions = transceiver.getHeaderExtensionsToNegotiate();
  transceiver.setHeaderExtensionsToNegotiate(
    extensions.map(({ uri }) => ({ uri, direction: extensionAllowed(track, uri) ? "sendrecv" : "stopped" })),
  );
}

const codecs = new Map<"audio" | "video", readonly RTCRtpCodec[]>();

/** What this browser can receive. Asked for once: it takes the browser milliseconds, and does not change. */
function codecsOf(kind: "audio" | "video"): readonly RTCRtpCodec[] {
  const known = codecs.get(kind) ?? RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  codecs.set(kind, known);
  return known;
}

function choosesExtensions(transceiver: RTCRtpTransceiver): transceiver is RTCRtpTransceiver & WithHeaderExtensions {
  return "setHeaderExtensionsToNegotiate" in transceiver;
}

/** Stream ids under which tracks travel: the microphone with the camera, the screen with its sound. */
export class StreamGroups {
  readonly #person = new MediaStream();
  readonly #screen = new MediaStream();

  of(track: TrackName): MediaStream {
    return track === "microphone" || track === "camera" ? this.#person : this.#screen;
  }
}
