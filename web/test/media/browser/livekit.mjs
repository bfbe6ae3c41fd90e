import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";

const BINARY = import.meta.env?.SOTTO_LIVEKIT ?? `${homedir()}/.cache/sotto/relay/livekit-server-1.13.5`;

export function livekitInstalled() {
  return existsSync(BINARY);
}

/** A real LiveKit server on loopback ports, with a key of its own. */
export class LiveKit {
  #secret;

  #process;

  constructor(child, port, secret) {
    this.#process = child;
    this.port = port;
    this.#secret = secret;
  }

  static async start() {
    const secret = randomBytes(32).toString("hex");
    const [port, tcp, udp] = await Promise.all([freePort(), freePort(), freePort()]);
    const config = {
      port,
      bind_addresses: ["127.0.0.1"],
      keys: { test: secret },
      rtc: {
        udp_port: udp,
        tcp_port: tcp,
        use_external_ip: false,
        node_ip: "127.0.0.1",
        enable_loopback_candidate: true,
        interfaces: { includes: ["lo"] },
      },
      logging: { level: "error" },
    };
    const child = spawn(BINARY, ["--config-body", JSON.stringify(config)], { stdio: "ignore" });
    for (let tries = 0; ; tries++) {
      const answers = await fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      );
      if (answers) return new LiveKit(child, port, secret);
      if (tries > 100) throw new Error("LiveKit does not start");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** A token for a room, under a random identity. */
  token(room) {
    const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const now = Math.floor(Date.now() / 1000);
    const grant = { room, roomJoin: true, canPublish: true, canSubscribe: true, canPublishData: false };
    const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({
      iss: "test",
      sub: randomBytes(12).toString("base64url"),
      nbf: now - 5,
      exp: now + 600,
      video: grant,
    })}`;
    return `${body}.${createHmac("sha256", this.#secret).update(body).digest("base64url")}`;
  }

  stop() {
    this.#process.kill("SIGKILL");
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
