export function livekitInstalled(): boolean;

/** A real LiveKit server on loopback ports, with a key of its own. */
export class LiveKit {
  static start(): Promise<LiveKit>;
  readonly port: number;
  /** A token for a room, under a random identity. */
  token(room: string): string;
  /** Kills it at once. */
  stop(): void;
}
