// Put before the product's frame worker in one participant of a test, where a lying relay would sit: between what the
// relay delivered and the receiver. Every received frame goes through here; the page says which attack is on. The worker
// itself runs unchanged below.
(() => {
  const channel = new BroadcastChannel("sotto-tamper");
  const KEPT = 300;
  const OLD = 60;
  const TAG = 16;
  // What LiveKit makes itself: Opus silence (RFC 6716, a frame without content) and a blank VP8 key frame of 8 × 8 pixels.
  const SILENCE = [0xf8, 0xff, 0xfe];
  const BLANK = [
    0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x08, 0x00, 0x08, 0x00, 0x00, 0x47, 0x08, 0x85, 0x85, 0x88, 0x85, 0x84, 0x88,
    0x02, 0x02, 0x00, 0x0c, 0x0d, 0x60, 0x00, 0xfe, 0xff, 0xab, 0x50, 0x80,
  ];

  const streams = new Map();
  let attack = "none";
  let hits = 0;
  let plain = { video: [], audio: [] };
  let trailer = [];
  const dropped = {};
  const droppedOf = new Map();
  const leaks = [];

  const bytesOf = (data) => new Uint8Array(data).slice();
  const changed = (data, change) => {
    const copy = bytesOf(data);
    change(copy);
    return [copy];
  };
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

  /** Where header and ciphertext begin, and whose key it names. */
  const read = (video, data) => {
    const at = video ? ((data[0] & 1) === 0 ? 10 : 1) : 0;
    const config = data[at];
    const kidBytes = config & 0x80 ? ((config >> 4) & 7) + 1 : 0;
    const counterBytes = config & 8 ? (config & 7) + 1 : 0;
    let kid = kidBytes === 0 ? (config >> 4) & 7 : 0;
    for (let i = 0; i < kidBytes; i++) kid = kid * 256 + data[at + 1 + i];
    const end = at + 1 + kidBytes + counterBytes;
    return { at, end, kid, kidEnd: at + 1 + kidBytes, leaf: Math.floor(kid / 256), track: (kid >> 6) & 3 };
  };

  const other = (own, fits) =>
    [...streams.values()].find(
      (one) => one !== own && one.video === own.video && one.latest && performance.now() - one.at < 1000 && fits(one.head, own.head),
    );
  const swap = (fits) => (own) => {
    const from = other(own, fits);
    return from === undefined ? null : [from.latest];
  };

  /** Each gives what is delivered in the frame's place, null to leave it as it is. */
  const attacks = {
    none: () => null,
    shown: () => null,
    swapPeople: swap((a, b) => a.leaf !== b.leaf && a.track === b.track),
    swapTracks: swap((a, b) => a.leaf === b.leaf && a.track !== b.track),
    replay: (own) => (own.kept.length > OLD ? [own.kept[own.count % (own.kept.length - OLD)].data] : null),
    // Whole runs of frames, last one first.
    reorder: (own, data) => {
      own.waiting.push(bytesOf(data));
      own.clean++;
      if (own.waiting.length < 20) return [];
      return own.waiting.splice(0).reverse();
    },
    truncate: (own, data) => [data.slice(0, 1 + (own.count * 37) % (data.length - 1))],
    madeUp: (own, data) =>
      changed(data, (copy) => crypto.getRandomValues(copy.subarray(own.head.end, Math.min(copy.length, own.head.end + 60000)))),
    flipPrefix: (own, data) => (own.video ? changed(data, (copy) => (copy[0] ^= 0x10)) : null),
    flipKeyId: (own, data) => changed(data, (copy) => (copy[own.head.kidEnd - 1] ^= 0x40)),
    flipCounter: (own, data) => changed(data, (copy) => (copy[own.head.end - 1] ^= 0x80)),
    flipCiphertext: (own, data) => changed(data, (copy) => (copy[own.head.end] ^= 1)),
    flipTag: (own, data) => changed(data, (copy) => (copy[copy.length - 1] ^= 1)),
    noTag: (own, data) => [data.slice(0, data.length - TAG)],
    stripHeader: (own, data) => [join(data.subarray(0, own.head.at), data.subarray(own.head.end))],
    plaintext: (own) => {
      const list = own.video ? plain.video : plain.audio;
      return list.length === 0 ? null : [list[own.count % list.length]];
    },
    blanks: (own) => [Uint8Array.from(own.video ? BLANK : SILENCE)],
    announcedBlanks: (own) => [join(own.video ? BLANK : SILENCE, trailer)],
    duplicate: (own, data) => {
      own.clean++;
      return [bytesOf(data), bytesOf(data), bytesOf(data)];
    },
    // As VP9, AV1 and H.264 begin.
    otherCodec: (own, data) =>
      changed(data, (copy) => copy.set([[0x82, 0x49, 0x83], [0x12, 0x00, 0x0a], [0x00, 0x00, 0x01]][own.count % 3])),
    oversize: () => [new Uint8Array(4 * 1024 * 1024 + 1)],
    flood: (own, data) => [
      ...Array.from({ length: 100 }, (_, i) => changed(data, (copy) => (copy[copy.length - 1] ^= 1 + (i % 255)))[0]),
    ],
    // Keeps back what the others send now; `withheldOfGone` delivers it when its sender is gone.
    withhold: (own, data) => {
      if (own.withheld.length < 40) own.withheld.push({ head: own.head, data: bytesOf(data) });
      return [];
    },
    withheldOfGone: (own) => {
      const gone = [...streams.values()]
        .filter((one) => one.video === own.video)
        .flatMap((one) => one.withheld)
        .filter(({ head }) => head.leaf !== own.head.leaf);
      return gone.length === 0 ? null : [gone[own.count % gone.length].data];
    },
    earlierEpoch: (own) => {
      const earlier = own.kept.filter(({ kid }) => kid !== own.head.kid);
      return earlier.length === 0 ? null : [earlier[own.count % earlier.length].data];
    },
  };

  const deliver = (frame, list, controller) => {
    const Kind = frame.constructor;
    // Made before the first is delivered: its content is gone then.
    const frames = [frame, ...list.slice(1).map(() => new Kind(frame))];
    list.forEach((data, i) => {
      frames[i].data = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
      controller.enqueue(frames[i]);
    });
  };

  const incoming = (stream) => ({
    transform(frame, controller) {
      const data = new Uint8Array(frame.data);
      if (data.length < 8) {
        controller.enqueue(frame);
        return;
      }
      const video = frame instanceof RTCEncodedVideoFrame;
      const own = streams.get(stream) ?? { video, count: 0, clean: 0, kept: [], waiting: [], withheld: [] };
      streams.set(stream, own);
      own.count++;
      own.head = read(video, data);
      own.at = performance.now();
      let list = null;
      try {
        list = attacks[attack](own, data);
      } catch (error) {
        leaks.push(`the attack itself failed: ${error}`);
      }
      own.latest = bytesOf(data);
      if (list === null) {
        own.clean++;
        own.kept.push({ kid: own.head.kid, data: own.latest });
        if (own.kept.length > KEPT) own.kept.shift();
        controller.enqueue(frame);
        return;
      }
      hits++;
      if (list.length > 0) deliver(frame, list, controller);
    },
  });

  // The control: past the product, so that it is seen that the page would show and tell what must not come about.
  const outgoing = {
    transform(frame, controller) {
      if (attack === "shown" && frame instanceof RTCEncodedVideoFrame && plain.video.length > 0) {
        hits++;
        frame.data = plain.video[0].slice().buffer;
      }
      controller.enqueue(frame);
    },
  };

  const wrapped = new WeakMap();
  const receiving = new Set();
  const wrap = (side, make) => {
    const original = Object.getOwnPropertyDescriptor(RTCRtpScriptTransformer.prototype, side);
    Object.defineProperty(RTCRtpScriptTransformer.prototype, side, {
      get() {
        const made = wrapped.get(this) ?? {};
        wrapped.set(this, made);
        if (this.options.direction === "receive") receiving.add(this);
        made[side] ??= this.options.direction === "receive" ? make(original.get.call(this), this.options.stream) : original.get.call(this);
        return made[side];
      },
    });
  };
  wrap("readable", (readable, stream) => readable.pipeThrough(new TransformStream(incoming(stream))));
  wrap("writable", (writable) => {
    const { readable, writable: taken } = new TransformStream(outgoing);
    readable.pipeTo(writable).catch(() => {});
    return taken;
  });

  addEventListener("message", ({ data }) => {
    if (data?.type === "injected") trailer = [...data.trailer];
  });
  const post = globalThis.postMessage.bind(globalThis);
  globalThis.postMessage = (message, ...rest) => {
    if (message?.type === "stats") {
      for (const { stream, passed, direction, dropped: of } of message.streams) {
        if (direction !== "receive") continue;
        const clean = streams.get(stream)?.clean ?? 0;
        if (passed > clean) leaks.push(`stream ${stream}: ${passed} frames passed, ${clean} were good`);
        const before = droppedOf.get(stream) ?? {};
        for (const [reason, count] of Object.entries(of)) dropped[reason] = (dropped[reason] ?? 0) + count - (before[reason] ?? 0);
        droppedOf.set(stream, { ...of });
      }
    }
    post(message, ...rest);
  };

  channel.onmessage = ({ data }) => {
    if (data.plain) plain = data.plain;
    if (data.attack) {
      if (!(data.attack in attacks)) leaks.push(`no such attack: ${data.attack}`);
      else {
        // The decoder takes what refers to a picture of another for good, and would ask for nothing.
        if (attack === "shown") for (const one of receiving) one.sendKeyFrameRequest().catch(() => {});
        attack = data.attack;
      }
      // What was kept back to be turned around is lost.
      for (const own of streams.values()) own.waiting = [];
      hits = 0;
    }
    const heads = [...streams.values()].filter((one) => performance.now() - one.at < 1000).map((one) => one.head);
    channel.postMessage({
      answer: data.question,
      state: { attack, hits, dropped: { ...dropped }, leaks, streams: heads.length, trailer: trailer.length },
    });
  };
})();
