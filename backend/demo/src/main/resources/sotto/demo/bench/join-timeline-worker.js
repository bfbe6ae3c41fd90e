// Put before the frame worker in both halves of the join benchmark: tells the page's timeline when the first frames of each
// received video reach the worker, when they leave it, and when the receiver is told whom to show. Reads only.
(() => {
  const FIRST = 3;
  const channel = new BroadcastChannel("sotto-timeline");
  const note = (what) => channel.postMessage([what, performance.timeOrigin + performance.now()]);
  const kind = (frame) => (frame.type === "key" ? "key frame" : "frame");
  const isIncomingVideo = ({ options }) =>
    options.direction === "receive" && (options.kind === "video" || options.track === "camera");
  const wrap = (side, wrapper) => {
    const original = Object.getOwnPropertyDescriptor(RTCRtpScriptTransformer.prototype, side);
    Object.defineProperty(RTCRtpScriptTransformer.prototype, side, {
      get() {
        const stream = original.get.call(this);
        return isIncomingVideo(this) ? wrapper(stream) : stream;
      },
    });
  };
  wrap("readable", (readable) => ({
    getReader() {
      const reader = readable.getReader();
      let seen = 0;
      return {
        read: async () => {
          const next = await reader.read();
          if (!next.done && (seen < FIRST || next.value.type === "key")) note(`worker gets ${kind(next.value)}`);
          seen++;
          return next;
        },
      };
    },
  }));
  wrap("writable", (writable) => ({
    getWriter() {
      const writer = writable.getWriter();
      let seen = 0;
      return {
        write: (frame) => {
          if (seen < FIRST || frame.type === "key") note(`worker shows ${kind(frame)}`);
          seen++;
          return writer.write(frame);
        },
      };
    },
  }));
  addEventListener("message", ({ data }) => {
    if (data?.type === "rebind") note(`worker is told who ${data.track}`);
  });
})();
