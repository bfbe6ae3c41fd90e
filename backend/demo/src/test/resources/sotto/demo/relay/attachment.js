// Counts how often each receiver of the page was given to somebody, cuts the page's signalling with a relay, and lets its
// signals to others wait.
(() => {
  const given = new Map();
  const tunnels = [];
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...args) {
      super(...args);
      this.addEventListener("track", ({ receiver }) => given.set(receiver, (given.get(receiver) ?? 0) + 1));
    }
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(address, protocols) {
      super(address, protocols);
      if (new URL(this.url).pathname.startsWith("/relay/")) tunnels.push(this);
    }
    send(data) {
      const wait = typeof data === "string" && data.startsWith('{"type":"signal"') ? globalThis.sottoAttachment.wait : 0;
      if (wait > 0) setTimeout(() => super.send(data), wait);
      else super.send(data);
    }
  };
  globalThis.sottoAttachment = {
    wait: 0,
    cut: () => tunnels.at(-1).close(),
    /** The most people that one receiver has shown, one after the other. */
    most: () => Math.max(0, ...given.values()),
  };
})();
