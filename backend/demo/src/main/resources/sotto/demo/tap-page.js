// The page's half of the taps: keeps what the workers' taps copied, and tries to decode the frames as a listener
// without keys would, with the browser's own decoders.
(() => {
  const MOST = 20000;
  const base64 = (buffer) => {
    let text = "";
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const kept = { wire: [], control: [], thief: [] };
  new BroadcastChannel("sotto-demo-tap").onmessage = ({ data }) => {
    const list = kept[data.where];
    if (list.length < MOST) list.push(data);
  };
  new BroadcastChannel("sotto-demo-thief").onmessage = ({ data }) => kept.thief.push(data);

  const decodePictures = async (frames) => {
    let pictures = 0;
    let found = 0;
    const canvas = document.createElement("canvas");
    for (const frame of frames) {
      // A decoder of its own for each key frame: one bad frame closes a decoder, and must not hide the next.
      if (!frame.key) continue;
      const decoder = new VideoDecoder({
        output: (picture) => {
          pictures += 1;
          canvas.width = picture.displayWidth;
          canvas.height = picture.displayHeight;
          canvas.getContext("2d").drawImage(picture, 0, 0);
          if (window.sottoSynthetic.readBarcode(canvas)) found += 1;
          picture.close();
        },
        error: () => {},
      });
      decoder.configure({ codec: "vp8" });
      try {
        decoder.decode(new EncodedVideoChunk({ type: "key", timestamp: 0, data: frame.data }));
        await decoder.flush();
      } catch {
        // Not a picture: what we hope for on the wire.
      }
      if (decoder.state !== "closed") decoder.close();
    }
    return { pictures, found };
  };

  const decodeTone = async (frames) => {
    let samples = [];
    const decoder = new AudioDecoder({
      output: (audio) => {
        const plane = new Float32Array(audio.numberOfFrames);
        audio.copyTo(plane, { planeIndex: 0, format: "f32-planar" });
        samples.push(plane);
        audio.close();
      },
      error: () => {},
    });
    decoder.configure({ codec: "opus", sampleRate: 48000, numberOfChannels: 2 });
    for (const frame of frames) {
      if (decoder.state !== "configured") break;
      try {
        decoder.decode(new EncodedAudioChunk({ type: "key", timestamp: 0, data: frame.data }));
      } catch {
        break;
      }
    }
    if (decoder.state === "configured") await decoder.flush().catch(() => {});
    if (decoder.state !== "closed") decoder.close();
    return samples;
  };

  /** Share of a signal's energy that one narrow tone holds: near 1 for a tone, near 0 for noise. */
  const toneShare = (blocks) => {
    const signal = blocks.length ? Float32Array.from(blocks.flatMap((block) => [...block])) : new Float32Array();
    const size = 8192;
    if (signal.length < 2 * size) return 0;
    let best = 0;
    for (let start = size; start + size <= signal.length; start += size) {
      const part = signal.subarray(start, start + size);
      let energy = 0;
      for (const value of part) energy += value * value;
      if (energy < 1e-4) continue;
      for (let bin = 20; bin < 400; bin += 1) {
        const w = (2 * Math.PI * bin) / size;
        let re = 0;
        let im = 0;
        for (let i = 0; i < size; i += 1) {
          re += part[i] * Math.cos(w * i);
          im += part[i] * Math.sin(w * i);
        }
        best = Math.max(best, (2 * (re * re + im * im)) / (size * energy));
      }
      break;
    }
    return best;
  };

  window.sottoTap = {
    counts: () => ({ wire: kept.wire.length, control: kept.control.length, thief: kept.thief.length }),
    thief: () => kept.thief.map(base64),
    wire: (from, to, most) =>
      kept.wire
        .filter((frame) => frame.at >= from && frame.at < to)
        .slice(-most)
        .map((frame) => ({ media: frame.media, key: (new Uint8Array(frame.data)[0] & 1) === 0, data: base64(frame.data) })),
    listen: async (where) => {
      const video = kept[where].filter((frame) => frame.media === "video").map((f) => ({ ...f, key: (new Uint8Array(f.data)[0] & 1) === 0 }));
      const audio = kept[where].filter((frame) => frame.media === "audio").slice(0, 100);
      const { pictures, found } = await decodePictures(video.slice(0, 400));
      return { seen: kept[where].length, pictures, found, toneShare: toneShare(await decodeTone(audio)) };
    },
  };
})();
