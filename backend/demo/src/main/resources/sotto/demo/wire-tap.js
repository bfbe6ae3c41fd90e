// Put before the product's frame worker in one participant of the demo, as an attacker on the wire would sit: copies
// every received frame as it travels (encrypted), and as a control every frame after decryption. The worker itself
// runs unchanged below.
(() => {
  const out = new BroadcastChannel("sotto-demo-tap");
  const kinds = new WeakMap();
  const kindOf = (frame) => (frame instanceof RTCEncodedVideoFrame ? "video" : "audio");
  const copy = (where, frame) => {
    if (frame.data.byteLength === 0) return;
    out.postMessage({
      where,
      media: kindOf(frame),
      key: frame.type === "key",
      at: performance.timeOrigin + performance.now(),
      data: frame.data.slice(0),
    });
  };
  const tapped = (where) =>
    new TransformStream({
      transform(frame, controller) {
        copy(where, frame);
        controller.enqueue(frame);
      },
    });
  const receives = (transformer) => JSON.stringify(transformer.options ?? {}).includes("receive");
  for (const [side, where] of [["readable", "wire"], ["writable", "control"]]) {
    const original = Object.getOwnPropertyDescriptor(RTCRtpScriptTransformer.prototype, side);
    Object.defineProperty(RTCRtpScriptTransformer.prototype, side, {
      get() {
        const made = kinds.get(this) ?? {};
        kinds.set(this, made);
        if (made[side] === undefined) {
          const stream = original.get.call(this);
          if (!receives(this)) made[side] = stream;
          else if (side === "readable") made[side] = stream.pipeThrough(tapped(where));
          else {
            const tap = tapped(where);
            tap.readable.pipeTo(stream);
            made[side] = tap.writable;
          }
        }
        return made[side];
      },
    });
  }
})();
