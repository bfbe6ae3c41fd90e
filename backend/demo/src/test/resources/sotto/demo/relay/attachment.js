// Counts how often each receiver of the page was given to somebody, cuts the page's signalling with a relay, and holds its
// signals to others back.
(() => {
  const given = new Map();
  const tunnels = [];
  let held = null;
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
      const signal = typeof data === "string" && data.startsWith('{"type":"signal"');
      if (signal && held !== null) held.push(() => super.send(data));
      else super.send(data);
    }
  };
  globalThis.sottoAttachment = {
    hold: () => {
      held ??= [];
    },
    release: () => {
      for (const send of held ?? []) send();
      held = null;
    },
    cut: () => tunnels.at(-1).close(),
    /** The most people that one receiver has shown, one after the other. */
    most: () => Math.max(0, ...given.values()),
  };
})();
