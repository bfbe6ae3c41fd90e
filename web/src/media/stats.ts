import type { ReceiveStats, SendStats } from "./mesh-events";
import { kindOf, type TrackName } from "./tracks";
import type { Transforms } from "./transforms";

/** A connection that can be asked for statistics: a link of the mesh, or one person's part of a relay's. */
export interface Measured {
  readonly connection: Pick<RTCPeerConnection, "getStats">;
  /** The track of an m-line; null for one that is not counted. */
  trackOf(mid: string | null): TrackName | null;
  receivers(): ReadonlyMap<TrackName, RTCRtpReceiver>;
}

/** What one connection's statistics say, without the peer's own counts. */
export interface LinkStats {
  readonly rttMs: number | null;
  readonly localCandidate: string | null;
  readonly received: readonly ReceiveStats[];
  readonly sent: readonly SendStats[];
}

/** One entry of a statistics report; fields that an older or newer browser lacks read as null. */
class Entry {
  constructor(private readonly fields: Record<string, unknown>) {}

  text(name: string): string | null {
    const value = this.fields[name];
    return typeof value === "string" ? value : null;
  }

  number(name: string): number | null {
    const value = this.fields[name];
    return typeof value === "number" ? value : null;
  }
}

function entries(report: RTCStatsReport): Entry[] {
  const all: Entry[] = [];
  report.forEach((value: Record<string, unknown>) => {
    all.push(new Entry(value));
  });
  return all;
}

/** Reads a connection's statistics. */
export async function readStats(link: Measured, transforms: Transforms): Promise<LinkStats> {
  const all = entries(await link.connection.getStats());
  const pair = all.find((entry) => entry.text("type") === "transport");
  const chosen = all.find((entry) => entry.text("id") === pair?.text("selectedCandidatePairId"));
  const local = all.find((entry) => entry.text("id") === chosen?.text("localCandidateId"));
  const rtt = chosen?.number("currentRoundTripTime") ?? null;
  const received: ReceiveStats[] = [];
  const sent: SendStats[] = [];
  for (const entry of all) {
    const track = link.trackOf(entry.text("mid"));
    if (track === null) continue;
    if (entry.text("type") === "inbound-rtp")
      received.push(receiveStats(track, entry, await seen(link, transforms, track)));
    if (entry.text("type") === "outbound-rtp") sent.push(sendStats(track, entry));
  }
  return {
    rttMs: rtt === null ? null : rtt * 1_000,
    localCandidate: local?.text("candidateType") ?? null,
    received,
    sent,
  };
}

/**
 * Payload bytes that have arrived for one receiver, before its transform. Not `framesReceived`: that counts behind the
 * transform. Not packets: those that only probe the path are empty and reach no transform.
 */
export async function arrived(receiver: RTCRtpReceiver): Promise<number> {
  const inbound = entries(await receiver.getStats()).find((entry) => entry.text("type") === "inbound-rtp");
  return inbound?.number("bytesReceived") ?? 0;
}

async function seen(link: Measured, transforms: Transforms, track: TrackName): Promise<number | null> {
  const receiver = link.receivers().get(track);
  if (receiver === undefined) return null;
  try {
    return await transforms.framesSeen(receiver);
  } catch {
    return null; // The worker is gone.
  }
}

function receiveStats(track: TrackName, entry: Entry, framesSeen: number | null): ReceiveStats {
  const video = kindOf(track) === "video";
  const ofVideo = (name: string) => (video ? entry.number(name) : null);
  const ofAudio = (name: string) => (video ? null : entry.number(name));
  return {
    track,
    packetsReceived: entry.number("packetsReceived") ?? 0,
    packetsLost: entry.number("packetsLost") ?? 0,
    bytesReceived: entry.number("bytesReceived") ?? 0,
    framesReceived: ofVideo("framesReceived"),
    framesDecoded: ofVideo("framesDecoded"),
    freezeCount: ofVideo("freezeCount"),
    totalFreezesSeconds: ofVideo("totalFreezesDuration"),
    frameWidth: ofVideo("frameWidth"),
    frameHeight: ofVideo("frameHeight"),
    concealedSamples: ofAudio("concealedSamples"),
    totalSamplesReceived: ofAudio("totalSamplesReceived"),
    jitterSeconds: entry.number("jitter"),
    framesSeen,
  };
}

function sendStats(track: TrackName, entry: Entry): SendStats {
  const ofVideo = (name: string) => (kindOf(track) === "video" ? entry.number(name) : null);
  return {
    track,
    packetsSent: entry.number("packetsSent") ?? 0,
    bytesSent: entry.number("bytesSent") ?? 0,
    framesSent: ofVideo("framesSent"),
    frameWidth: ofVideo("frameWidth"),
    frameHeight: ofVideo("frameHeight"),
    framesPerSecond: ofVideo("framesPerSecond"),
  };
}
