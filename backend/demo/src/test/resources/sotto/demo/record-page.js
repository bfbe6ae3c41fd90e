// Runs before the page: keeps what page and worker say to each other, and what passed on the worker's own socket.
{
  const recorded = { workerSocket: [], workerMessages: [] };
  globalThis.sottoRecorded = recorded;
  new BroadcastChannel("sotto-test-worker-socket").onmessage = ({ data }) => recorded.workerSocket.push(data);
  const flat = (value) => {
    if (value instanceof ArrayBuffer) return [...new Uint8Array(value)].join(",");
    if (ArrayBuffer.isView(value)) return flat(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
    if (value instanceof MessagePort) return "a port, whose messages nobody records";
    return value;
  };
  const keep = (value) => recorded.workerMessages.push(JSON.stringify(value, (_, one) => flat(one)));
  const Real = globalThis.Worker;
  globalThis.Worker = class extends Real {
    constructor(...about) {
      super(...about);
      this.addEventListener("message", ({ data }) => keep(data));
    }
    postMessage(message, ...more) {
      keep(message);
      super.postMessage(message, ...more);
    }
  };
}
