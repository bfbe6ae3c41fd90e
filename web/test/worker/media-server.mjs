// A static server with WebSockets, for media.browser.ts. Text messages below 64 KiB are all it knows of RFC 6455.

import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** Serves `files` (path to text) under `policy`; `connected` gets each WebSocket. */
export async function startServer(files, policy, connected) {
  const server = createServer((request, response) => {
    const body = files.get(request.url);
    const type = request.url === "/" ? "text/html" : "text/javascript";
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, "content-security-policy": policy });
    response.end(body);
  });
  server.on("upgrade", (request, stream) => {
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(/, */);
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const lines = [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
      `Sec-WebSocket-Protocol: ${offered[0]}`,
    ];
    stream.write(`${lines.join("\r\n")}\r\n\r\n`);
    connected(connection(stream, offered));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function connection(stream, subprotocols) {
  const result = {
    subprotocols,
    onText: () => {},
    send(text) {
      const payload = Buffer.from(text);
      const { length } = payload;
      stream.write(
        Buffer.concat([Buffer.from(length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 255]), payload]),
      );
    },
    close: () => stream.destroy(),
  };
  let buffer = Buffer.alloc(0);
  stream.on("error", () => {});
  stream.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 6) {
      const short = buffer[1] & 127;
      const head = short < 126 ? 2 : 4;
      const length = short < 126 ? short : buffer.readUInt16BE(2);
      if (buffer.length < head + 4 + length) return;
      const mask = buffer.subarray(head, head + 4);
      const payload = buffer.subarray(head + 4, head + 4 + length).map((byte, i) => byte ^ mask[i % 4]);
      const opcode = buffer[0] & 15;
      buffer = buffer.subarray(head + 4 + length);
      if (opcode === 1) result.onText(payload.toString("utf8"));
      if (opcode === 8) result.close();
    }
  });
  return result;
}
