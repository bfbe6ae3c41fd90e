// Put before the product's frame worker in one half of the join benchmark: takes the transforms away from it and passes
// every frame as it is. Tickets, channel and keys go on below as usual. Lives in the benchmark alone.
(() => {
  const streams = new Map();
  addEventListener("rtctransform", ({ transformer }) => {
    const { stream, direction, track, participant } = transformer.options;
    const counts = { stream, direction, track, participant, seen: 0, passed: 0, dropped: {}, held: 0 };
    streams.set(stream, counts);
    const reader = transformer.readable.getReader();
    const writer = transformer.writable.getWriter();
    const pass = ({ done, value }) => {
      if (done) return;
      counts.seen += 1;
      counts.passed += 1;
      writer.write(value).catch(() => {});
      reader.read().then(pass);
    };
    reader.read().then(pass);
  });
  // The product's handler is kept from being set; its statistics are answered with what passed here.
  Object.defineProperty(globalThis, "onrtctransform", { set() {}, get: () => null });
  const post = globalThis.postMessage.bind(globalThis);
  globalThis.postMessage = (message, ...more) =>
    post(message?.type === "stats" ? { ...message, streams: [...streams.values()] } : message, ...more);
})();
