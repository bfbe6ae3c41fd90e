import type { PeerStats } from "../media/mesh-events";
import type { StreamStats } from "./view-state";

/** Turns the paths' running totals into what the debug panel shows; rates come from the difference to the last look. */
export class StreamStatsReader {
  #last = new Map<string, { readonly at: number; readonly bytes: number; readonly frames: number | null }>();

  /**
   * @param now milliseconds on any steady clock
   * @param nameOf name of a participant
   */
  read(peers: readonly PeerStats[], now: number, nameOf: (participant: string) => string): StreamStats[] {
    const seen = new Map<string, { at: number; bytes: number; frames: number | null }>();
    const rates = (key: string, bytes: number, frames: number | null) => {
      const last = this.#last.get(key);
      seen.set(key, { at: now, bytes, frames });
      const seconds = last ? (now - last.at) / 1000 : 0;
      // A rebuilt connection counts from zero again.
      if (!last || seconds <= 0 || bytes < last.bytes) return { bitsPerSecond: null, framesPerSecond: null };
      const moved = frames !== null && last.frames !== null ? (frames - last.frames) / seconds : null;
      return { bitsPerSecond: ((bytes - last.bytes) * 8) / seconds, framesPerSecond: moved };
    };
    const all = peers.flatMap((peer) => {
      const common = {
        participant: peer.participant,
        name: nameOf(peer.participant),
        roundTripMs: peer.rttMs,
        route: peer.localCandidate,
      };
      const received = peer.received.map(
        (stream): StreamStats => ({
          ...common,
          ...rates(`${peer.participant} ${stream.track} receive`, stream.bytesReceived, stream.framesDecoded),
          track: stream.track,
          direction: "receive",
          width: stream.frameWidth,
          height: stream.frameHeight,
          packetsLost: stream.packetsLost,
          framesSeen: stream.framesSeen,
          framesDecoded: stream.framesDecoded,
          freezes: stream.freezeCount,
        }),
      );
      const sent = peer.sent.map(
        (stream): StreamStats => ({
          ...common,
          ...rates(`${peer.participant} ${stream.track} send`, stream.bytesSent, stream.framesSent),
          track: stream.track,
          direction: "send",
          width: stream.frameWidth,
          height: stream.frameHeight,
          packetsLost: null,
          framesSeen: null,
          framesDecoded: null,
          freezes: null,
        }),
      );
      return [...received, ...sent];
    });
    this.#last = seen;
    return all;
  }
}
