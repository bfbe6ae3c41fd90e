/**
 * What may stand in a session description. Every offer and answer has the same four m-lines, in the order of `TRACKS`,
 * and says nothing that would tell an onlooker more than that media flows: no audio level, no frame marking, no data
 * channel.
 *
 * WebRTC's sender takes its codec settings from the *other* side's description. So each side makes the settings itself,
 * in what it has received, before applying it: a peer can't ask anybody to send silence in smaller packets.
 */
import { isTrackName, kindOf, TRACKS, type TrackName } from "./tracks";

/** Characters of one description. Ours have about 6,000, with all candidates 10,000. */
export const SDP_CHARS = 40_000;

/** A description that this app does not make. */
export class BadDescription extends Error {
  override readonly name = "BadDescription";
}

/** Everything that is needed to send and receive, and nothing that describes the content. */
const AUDIO_EXTENSIONS = ["urn:ietf:params:rtp-hdrext:sdes:mid"];

/**
 * Video also needs what congestion control works with. Audio goes without it: outside of the bandwidth estimate its bit
 * rate never changes, and so neither does the size of its frames.
 */
const VIDEO_EXTENSIONS = [
  ...AUDIO_EXTENSIONS,
  "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
];

/** Whether the RTP header extension may be negotiated for a track. Of its uri; the audio level's is not among them. */
export function extensionAllowed(track: TrackName, uri: string): boolean {
  return (kindOf(track) === "audio" ? AUDIO_EXTENSIONS : VIDEO_EXTENSIONS).includes(uri);
}

/** Codecs that may be negotiated, as they stand in `a=rtpmap`, in lower case. */
const CODECS = { audio: ["opus/48000/2"], video: ["vp8/90000", "rtx/90000"] } as const;

/** Bits a second of the two audio tracks; constant, 20 ms a packet: frames of 100 and 240 bytes. */
const AUDIO_BITRATE = { microphone: 40_000, "screen-audio": 96_000 } as const;

/** Kilobits a second at which video starts, before the path has been measured: enough for a first picture at once. */
const VIDEO_START_KBPS = 1_000;

/** One m-line with its attributes. */
interface Section {
  readonly track: TrackName;
  readonly lines: readonly string[];
}

/**
 * Checks a description, own or received, and cuts it into its parts.
 *
 * @throws BadDescription naming what is wrong; never quotes addresses or keys
 */
function split(sdp: string): { session: string[]; sections: Section[] } {
  if (sdp.length > SDP_CHARS) throw new BadDescription(`${sdp.length} characters`);
  const lines = sdp.split("\r\n");
  if (lines.pop() !== "") throw new BadDescription("does not end with a line break");
  // WebRTC's own parser also ends lines at a bare \n, and so would see lines that were not looked at here.
  if (lines.some((line) => /[\r\n\0]/.test(line))) throw new BadDescription("holds a bare line break");
  const session: string[] = [];
  const sections: { track: TrackName; lines: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("m=")) {
      const track = TRACKS[sections.length];
      if (!isTrackName(track)) throw new BadDescription("more than four m-lines");
      const shape = /^m=(\w+) \d+ UDP\/TLS\/RTP\/SAVPF(?: \d{1,3}){1,4}$/.exec(line);
      if (shape?.[1] !== kindOf(track)) throw new BadDescription(`m-line of ${track} is of another kind`);
      sections.push({ track, lines: [line] });
    } else {
      (sections.at(-1)?.lines ?? session).push(line);
    }
  }
  if (sections.length !== TRACKS.length) throw new BadDescription(`${sections.length} m-lines`);
  return { session, sections };
}

/**
 * Makes a received description safe to apply: the same media lines, but only with the header extensions that are allowed
 * here, Opus at a constant bit rate and without gaps, and video that starts fast.
 *
 * @throws BadDescription if it holds anything else than the four tracks with VP8 and Opus
 */
export function harden(sdp: string): string {
  const { session, sections } = split(sdp);
  // A header extension of the whole session would hold for each track; ours stand with the tracks.
  const kept = session.filter((line) => !line.startsWith("a=extmap:"));
  const lines = [...kept, ...sections.flatMap((section) => hardenSection(section))];
  return `${lines.join("\r\n")}\r\n`;
}

/**
 * Checks a description that this side is about to send.
 *
 * @throws BadDescription if a codec or header extension is in it that must not be negotiated
 */
export function checkOwn(sdp: string): void {
  const { session, sections } = split(sdp);
  if (session.some((line) => line.startsWith("a=extmap:")))
    throw new BadDescription("header extension for the session");
  for (const section of sections) {
    checkCodecs(section);
    for (const line of section.lines) {
      if (!line.startsWith("a=extmap:")) continue;
      const uri = extensionUri(line);
      if (!extensionAllowed(section.track, uri)) {
        throw new BadDescription(`header extension ${uri} for ${section.track}`);
      }
    }
  }
}

/** Packet times and layers are this side's choice. */
const DROPPED = ["a=ptime:", "a=maxptime:", "a=rid:", "a=simulcast:"];

function isRepeat(line: string, codecs: ReadonlyMap<string, string>): boolean {
  const type = /^a=fmtp:(\d{1,3}) apt=\d{1,3}$/.exec(line)?.[1];
  return type !== undefined && codecs.get(type) === "rtx/90000";
}

function hardenSection(section: Section): string[] {
  const codecs = checkCodecs(section);
  const { track } = section;
  const audio = kindOf(track) === "audio";
  const out: string[] = [];
  for (const line of section.lines) {
    if (line.startsWith("a=extmap:") && !extensionAllowed(track, extensionUri(line))) continue;
    // Settings of our own follow below; rtx keeps the number of the codec that it repeats.
    if (line.startsWith("a=fmtp:") && !isRepeat(line, codecs)) continue;
    if (audio && line.startsWith("a=rtcp-fb:")) continue;
    if (DROPPED.some((start) => line.startsWith(start))) continue;
    out.push(line);
    const map = /^a=rtpmap:(\d+) /.exec(line);
    const codec = map?.[1] === undefined ? undefined : codecs.get(map[1]);
    if (codec === "opus/48000/2") out.push(`a=fmtp:${map?.[1]} ${opusSettings(track)}`);
    if (codec === "vp8/90000") out.push(`a=fmtp:${map?.[1]} x-google-start-bitrate=${VIDEO_START_KBPS}`);
  }
  if (audio) out.push("a=ptime:20");
  return out;
}

/** RFC 7587 §6.1. `usedtx=0`: silence is sent like speech. `cbr=1`: each packet has the same size. */
function opusSettings(track: TrackName): string {
  const music = track === "screen-audio";
  const bitrate = AUDIO_BITRATE[music ? "screen-audio" : "microphone"];
  const stereo = music ? 1 : 0;
  return `minptime=20;useinbandfec=1;usedtx=0;cbr=1;stereo=${stereo};sprop-stereo=${stereo};maxaveragebitrate=${bitrate}`;
}

/** Payload type → codec, of a section that offers nothing but what is allowed. */
function checkCodecs({ track, lines }: Section): Map<string, string> {
  const allowed: readonly string[] = CODECS[kindOf(track)];
  const codecs = new Map<string, string>();
  for (const line of lines) {
    if (!line.startsWith("a=rtpmap:")) continue;
    const map = /^a=rtpmap:(\d{1,3}) (\S+)$/.exec(line);
    if (map?.[1] === undefined || map[2] === undefined || codecs.has(map[1])) throw new BadDescription("a codec map");
    codecs.set(map[1], map[2].toLowerCase());
  }
  const offered = lines[0]?.split(" ").slice(3) ?? [];
  for (const type of offered) {
    const codec = codecs.get(type) ?? `payload type ${type}`;
    if (!allowed.includes(codec)) throw new BadDescription(`codec ${codec.slice(0, 32)} for ${track}`);
  }
  if (!offered.some((type) => codecs.get(type) === allowed[0]))
    throw new BadDescription(`no ${allowed[0]} for ${track}`);
  return codecs;
}

/** Of `a=extmap:<id>[/<direction>] <uri> …`; empty, and so not allowed, if the line is malformed. */
function extensionUri(line: string): string {
  return /^a=extmap:\d{1,3}(?:\/\w+)? (\S+)/.exec(line)?.[1] ?? "";
}
