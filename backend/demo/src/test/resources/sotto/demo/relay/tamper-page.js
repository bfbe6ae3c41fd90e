// The page's half of the tampering: says which attack is on, and has real plaintext ready: a picture and a tone of this
// page's own person, as an encoder makes them.
(() => {
  const channel = new BroadcastChannel("sotto-tamper");
  const waiting = new Map();
  let question = 0;
  channel.onmessage = ({ data }) => {
    waiting.get(data.answer)?.(data.state);
    waiting.delete(data.answer);
  };
  const ask = (what) =>
    new Promise((resolve) => {
      question += 1;
      waiting.set(question, resolve);
      channel.postMessage({ question, ...what });
    });

  const pictures = async () => {
    const out = [];
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        out.push(bytes);
      },
      error: (error) => console.error(error),
    });
    encoder.configure({ codec: "vp8", width: 320, height: 180, bitrate: 2_000_000 });
    const video = document.querySelector("video[data-own=true]");
    for (let i = 0; i < 3; i++) {
      const frame = new VideoFrame(video, { timestamp: i * 66_000 });
      encoder.encode(frame, { keyFrame: true });
      frame.close();
    }
    await encoder.flush();
    encoder.close();
    return out;
  };

  const tones = async (person) => {
    const out = [];
    const encoder = new AudioEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        out.push(bytes);
      },
      error: (error) => console.error(error),
    });
    encoder.configure({ codec: "opus", sampleRate: 48000, numberOfChannels: 1, bitrate: 64000 });
    const samples = Float32Array.from({ length: 48000 }, (_, i) => 0.25 * Math.sin((2 * Math.PI * (300 + 40 * person) * i) / 48000));
    const data = new AudioData({ format: "f32-planar", sampleRate: 48000, numberOfFrames: 48000, numberOfChannels: 1, timestamp: 0, data: samples });
    encoder.encode(data);
    data.close();
    await encoder.flush();
    encoder.close();
    return out;
  };

  globalThis.sottoTamper = {
    prepare: async () => {
      const plain = { video: await pictures(), audio: await tones(globalThis.sottoSynthetic.person) };
      await ask({ plain });
      return { video: plain.video.length, audio: plain.audio.length };
    },
    attack: (attack) => ask({ attack }),
    state: () => ask({}),
  };
})();
