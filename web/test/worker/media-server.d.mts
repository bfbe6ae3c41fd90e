export interface SocketConnection {
  readonly subprotocols: readonly string[];
  onText: (text: string) => void;
  send(text: string): void;
  close(): void;
}

export interface MediaServer {
  readonly origin: string;
  close(): void;
}

export function startServer(
  files: ReadonlyMap<string, string>,
  policy: string,
  connected: (connection: SocketConnection) => void,
): Promise<MediaServer>;
