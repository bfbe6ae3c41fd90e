/**
 * What pages say to each other to find each other at a relay (docs/protocol.md §10). It travels sealed, so the relay can't
 * tell which of its guests is who; and a lie in it only leads to frames that are dropped, since a receiver shows nothing
 * but what the expected person's key has sealed.
 */
import { BadSignal, Fields, list, matching, text } from "../fields";
import { isTrackName, type TrackName } from "../tracks";

/** A seat of the sender's, and what is sent from there. */
export interface SeatClaim {
  /** Id of the relay node. */
  readonly node: string;
  /** Random name of the sender there. */
  readonly identity: string;
  readonly sends: readonly { readonly track: TrackName; readonly name: string }[];
}

/** Seats, newest first: more than one only while the sender moves. */
const MOST_SEATS = 3;
const NODE_CHARS = 64;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

export function formatClaims(seats: readonly SeatClaim[]): string {
  return JSON.stringify({ type: "relay", seats: seats.slice(0, MOST_SEATS) });
}

/** @throws BadSignal naming the field that is wrong, never with its content */
export function parseClaims(data: string): SeatClaim[] {
  const fields = Fields.of(data);
  if (fields.take("type") !== "relay") throw new BadSignal("type is unknown");
  return fields.done(list("seats", fields.take("seats"), MOST_SEATS).map(claim));
}

function claim(value: unknown): SeatClaim {
  const fields = new Fields(value);
  const sends = list("sends", fields.take("sends"), 4).map(sent);
  if (new Set(sends.map(({ track }) => track)).size !== sends.length) throw new BadSignal("sends names a track twice");
  return fields.done({
    node: text("node", fields.take("node"), NODE_CHARS),
    identity: matching("identity", fields.take("identity"), NAME),
    sends,
  });
}

function sent(value: unknown): SeatClaim["sends"][number] {
  const fields = new Fields(value);
  const track = fields.take("track");
  if (!isTrackName(track)) throw new BadSignal("sends names an unknown track");
  return fields.done({ track, name: matching("name", fields.take("name"), NAME) });
}
