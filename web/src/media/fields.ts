/** Strict reading of signals, shared by all paths: each field is there, has its shape, and none is left over. */
import { isTrackName, type TrackName } from "./tracks";

/** Characters of one signal; the bridge's own limit. */
const SIGNAL_CHARS = 64 * 1024;

/** A signal that this app does not send. */
export class BadSignal extends Error {
  override readonly name = "BadSignal";
}

/** A list of different track names. */
export function trackNames(field: string, value: unknown): TrackName[] {
  const tracks = list(field, value, 4).filter(isTrackName);
  if (tracks.length !== (value as unknown[]).length) throw new BadSignal(`${field} names an unknown track`);
  if (new Set(tracks).size !== tracks.length) throw new BadSignal(`${field} names a track twice`);
  return tracks;
}

export function list(field: string, value: unknown, most: number): unknown[] {
  if (!Array.isArray(value)) throw new BadSignal(`${field} is not a list`);
  if (value.length > most) throw new BadSignal(`${field} has ${value.length} entries`);
  return value;
}

export function text(field: string, value: unknown, most: number): string {
  if (typeof value !== "string") throw new BadSignal(`${field} is not text`);
  if (value.length > most) throw new BadSignal(`${field} has ${value.length} characters`);
  return value;
}

export function matching(field: string, value: unknown, shape: RegExp): string {
  if (typeof value !== "string" || !shape.test(value)) throw new BadSignal(`${field} is malformed`);
  return value;
}

/** A JSON object whose fields are taken one by one; none may be left over. */
export class Fields {
  readonly #left: Map<string, unknown>;

  constructor(value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new BadSignal("not an object");
    this.#left = new Map(Object.entries(value));
  }

  /** @throws BadSignal if the data is too long, or no JSON object */
  static of(data: string): Fields {
    if (data.length > SIGNAL_CHARS) throw new BadSignal(`${data.length} characters`);
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      throw new BadSignal("not JSON");
    }
    return new Fields(json);
  }

  take(field: string): unknown {
    if (!this.#left.has(field)) throw new BadSignal(`${field} is missing`);
    const value = this.#left.get(field);
    this.#left.delete(field);
    return value;
  }

  done<T>(result: T): T {
    if (this.#left.size > 0) throw new BadSignal("unknown field");
    return result;
  }
}
