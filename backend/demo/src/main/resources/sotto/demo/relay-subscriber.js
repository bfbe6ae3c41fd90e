// A client of the relay as anybody could write it: livekit-client subscribed to everything, with its own decoders and no
// keys. Counts what arrives and what comes of it.
(() => {
  const { Room, RoomEvent } = globalThis.LivekitClient;
  const elements = new Set();
  const receivers = new Map();
  let codes = 0;
  let listened = 0;
  let tones = 0;
  let timer = 0;
  const room = new Room({ adaptiveStream: false });

  room.on(RoomEvent.TrackSubscribed, (track) => {
    const element = track.attach();
    element.muted = false;
    document.body.append(element);
    elements.add(element);
    receivers.set(track.sid, track.receiver);
  });

  const look = async () => {
    for (const element of elements) {
      if (element instanceof HTMLVideoElement) {
        if (element.videoWidth > 0 && globalThis.sottoSynthetic.readBarcode(element)) codes += 1;
      } else {
        listened += 1;
        if (await globalThis.sottoSynthetic.readTone(element)) tones += 1;
      }
    }
  };

  globalThis.sottoSubscriber = {
    async start(url, ticket) {
      await room.connect(url, ticket, { autoSubscribe: true });
      timer = setInterval(look, 500);
    },
    async end() {
      clearInterval(timer);
      let frames = 0;
      let decoded = 0;
      let audioPackets = 0;
      for (const receiver of receivers.values()) {
        for (const one of (await receiver.getStats()).values()) {
          if (one.type !== "inbound-rtp") continue;
          if (one.kind === "video") {
            frames += one.framesReceived ?? 0;
            decoded += one.framesDecoded ?? 0;
          } else audioPackets += one.packetsReceived ?? 0;
        }
      }
      await room.disconnect();
      return { tracks: receivers.size, frames, decoded, audioPackets, codes, listened, tones };
    },
  };
})();
