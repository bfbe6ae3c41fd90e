/**
 * What two pages say to each other to connect, as JSON inside of the `signal` message that the backends seal
 * (docs/protocol.md §3). The sender is authenticated there; what it says is still parsed strictly, since a member of a
 * call need not run this code.
 *
 * A *link* is one RTCPeerConnection with its counterpart, named by the side that makes its offers. A *round* counts
 * the offers on a link, from 1; an answer repeats the round that it answers.
 */
import { BadSignal, Fields, list, matching, text, trackNames } from "./fields";
import { SDP_CHARS } from "./sdp";
import type { TrackName } from "./tracks";

export { BadSignal };

/** Says that a page is there and waits for an offer; offers are always the other side's. */
export interface Hello {
  readonly type: "hello";
  /** The link that should be replaced by a new one, or null if this page has none. */
  readonly link: string | null;
}

/** A session description. */
export interface Description {
  readonly type: "offer" | "answer";
  readonly link: string;
  readonly round: number;
  readonly sdp: string;
  /** What the sender of this signal sends now. */
  readonly sends: readonly TrackName[];
}

/** ICE candidates, those of a few milliseconds together. */
export interface Candidates {
  readonly type: "candidates";
  readonly link: string;
  readonly candidates: readonly Candidate[];
}

/** As RTCIceCandidate has it, without what follows from the rest. */
export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string;
  readonly usernameFragment: string;
}

/** What the sender sends changed. The tracks' m-lines are there from the start, so nothing is negotiated for it. */
export interface Sends {
  readonly type: "sends";
  readonly link: string;
  readonly sends: readonly TrackName[];
}

/** Asks the side that makes the offers for one with new ICE credentials, since the path has gone. */
export interface Restart {
  readonly type: "restart";
  readonly link: string;
}

export type Signal = Hello | Description | Candidates | Sends | Restart;

/** Candidates of one signal. */
export const MOST_CANDIDATES = 32;
/** Characters of one candidate line. */
const CANDIDATE_CHARS = 512;
/** Offers on one link: one restart of ICE each; links are replaced long before. */
const MOST_ROUNDS = 10_000;

const LINK = /^[A-Za-z0-9_-]{11}$/;
const FRAGMENT = /^[A-Za-z0-9+/]{4,256}$/;
/** RFC 8839 §5.1; the line comes without `a=`. An empty one ends a generation of candidates. */
const CANDIDATE = /^candidate:[\x20-\x7e]+$/;

/** A fresh name for a link: 8 random bytes in base64url. */
export function newLink(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(8)));
}

/** A fresh media session: 16 random bytes in base64url. */
export function newSession(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(16)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The JSON text of a signal. */
export function format(signal: Signal): string {
  return JSON.stringify(signal);
}

/**
 * Reads a signal.
 *
 * @throws BadSignal naming the field that is wrong, never with its content
 */
export function parse(data: string): Signal {
  const fields = Fields.of(data);
  switch (fields.take("type")) {
    case "hello": {
      const link = fields.take("link");
      return fields.done({ type: "hello", link: link === null ? null : matching("link", link, LINK) });
    }
    case "offer":
      return description("offer", fields);
    case "answer":
      return description("answer", fields);
    case "candidates":
      return fields.done({
        type: "candidates",
        link: matching("link", fields.take("link"), LINK),
        candidates: list("candidates", fields.take("candidates"), MOST_CANDIDATES).map(candidate),
      });
    case "sends":
      return fields.done({
        type: "sends",
        link: matching("link", fields.take("link"), LINK),
        sends: trackNames("sends", fields.take("sends")),
      });
    case "restart":
      return fields.done({ type: "restart", link: matching("link", fields.take("link"), LINK) });
    default:
      throw new BadSignal("type is unknown");
  }
}

function description(type: "offer" | "answer", fields: Fields): Description {
  const link = matching("link", fields.take("link"), LINK);
  const round = fields.take("round");
  if (typeof round !== "number" || !Number.isInteger(round) || round < 1 || round > MOST_ROUNDS) {
    throw new BadSignal("round is out of range");
  }
  const sdp = text("sdp", fields.take("sdp"), SDP_CHARS);
  return fields.done({ type, link, round, sdp, sends: trackNames("sends", fields.take("sends")) });
}

function candidate(value: unknown): Candidate {
  const fields = new Fields(value);
  const line = text("candidate", fields.take("candidate"), CANDIDATE_CHARS);
  if (line !== "" && !CANDIDATE.test(line)) throw new BadSignal("candidate is malformed");
  return fields.done({
    candidate: line,
    sdpMid: matching("sdpMid", fields.take("sdpMid"), /^[0-9]$/),
    usernameFragment: matching("usernameFragment", fields.take("usernameFragment"), FRAGMENT),
  });
}
