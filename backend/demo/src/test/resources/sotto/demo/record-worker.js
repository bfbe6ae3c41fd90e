// Put before the product's frame worker: copies all that passes on its socket, sealed as it is, to the page.
{
  const out = new BroadcastChannel("sotto-test-worker-socket");
  const text = (data) => (typeof data === "string" ? data : [...new Uint8Array(data)].join(","));
  const Real = globalThis.WebSocket;
  globalThis.WebSocket = class extends Real {
    constructor(...where) {
      super(...where);
      this.addEventListener("message", ({ data }) => out.postMessage(text(data)));
    }
    send(data) {
      out.postMessage(text(data));
      super.send(data);
    }
  };
}
