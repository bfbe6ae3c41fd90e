/**
 * A synthetic camera, microphone and screen for the demo and the tests; never part of the product. Injected into a page
 * before its own scripts, it takes the place of `navigator.mediaDevices`' capture functions, so that a receiver can
 * tell from picture and tone alone who sent them, as which track, and when.
 *
 * Set before it runs (all but `person` optional):
 *
 *   globalThis.sottoSyntheticOptions = { person: 0…255, width: 640, height: 360, fps: 15, screens: true }
 *
 * With `screens: false` the page captures real screens.
 *
 * Picture: a grid of 16 × 9 cells. The upper four rows are a bar code of 64 cells, black for 0 and white for 1:
 *
 *   1010 | track (2 bits) | sender (8) | ms since 1970 mod 2^32 (32) | CRC-16/CCITT of those 42 (16) | 01
 *
 * Below, something moves, so that a frozen picture is seen by people too. Each cell is an area that survives VP8 at low
 * bit rates and scaling down to a quarter.
 *
 * Tone: a sine of 300 + 40 × person Hz for the microphone, 4000 + 40 × person Hz for the screen's sound; persons from
 * 90 on share them.
 *
 * Read with `sottoSynthetic.readBarcode` and `readTone`. For pictures of a call, `sottoSynthetic.portrait(true)` lets the
 * camera show a drawn person in place of the bar code, if `portraits.js` is there.
 */
(() => {
  "use strict";
  if (globalThis.sottoSynthetic) return;
  const options = { person: 0, width: 640, height: 360, fps: 15, screens: true, ...globalThis.sottoSyntheticOptions };

  const COLUMNS = 16;
  const ROWS = 9;
  const CODE_ROWS = 4;
  const CAMERA = 1;
  const SCREEN = 2;
  const TRACKS = ["microphone", "camera", "screen", "screen-audio"];
  const TONE = { microphone: 300, "screen-audio": 4000 };
  const TONE_STEP = 40;
  const TONE_PERSONS = 90;

  const now = () => (performance.timeOrigin + performance.now()) % 2 ** 32;

  // ---- bar code -------------------------------------------------------------------------------------------------

  const bitsOf = (value, count) => Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** (count - 1 - i)) % 2);
  const valueOf = (bits) => bits.reduce((value, bit) => value * 2 + bit, 0);

  const crc16 = (bits) => {
    let crc = 0xffff;
    for (const bit of bits) {
      const carry = (crc >> 15) ^ bit;
      crc = (crc << 1) & 0xffff;
      if (carry) crc ^= 0x1021;
    }
    return crc;
  };

  const encode = (track, sender, time) => {
    const payload = [...bitsOf(track, 2), ...bitsOf(sender, 8), ...bitsOf(Math.floor(time), 32)];
    return [1, 0, 1, 0, ...payload, ...bitsOf(crc16(payload), 16), 0, 1];
  };

  /** @returns the code's content, or null if any of its 64 bits is not what it was. */
  const decode = (bits) => {
    const payload = bits.slice(4, 46);
    const fixed = [...bits.slice(0, 4), ...bits.slice(62)].join("") === "101001";
    if (!fixed || valueOf(bits.slice(46, 62)) !== crc16(payload)) return null;
    return {
      track: valueOf(payload.slice(0, 2)),
      sender: valueOf(payload.slice(2, 10)),
      sentAt: valueOf(payload.slice(10)),
    };
  };

  // ---- sending --------------------------------------------------------------------------------------------------

  let portrait = false;
  let resting = false;

  const painter = (track, width, height, fps) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    // Kept in main memory: without a GPU, reading frames back from an accelerated canvas is what costs most.
    const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    const stream = canvas.captureStream(0);
    const output = stream.getVideoTracks()[0];
    const cellWidth = width / COLUMNS;
    const cellHeight = height / ROWS;
    const hue = (options.person * 67 + track * 25) % 360;
    let step = 0;
    const paint = () => {
      if (output.readyState === "ended") {
        clearInterval(timer);
        return;
      }
      if (resting) return;
      const drawn = portrait && track === CAMERA;
      const size = drawn ? 640 : width;
      if (canvas.width !== size) {
        canvas.width = size;
        canvas.height = (size * height) / width;
      }
      if (drawn) {
        globalThis.sottoPortrait(pen, canvas.width, canvas.height, options.person, step);
        step += 1;
        output.requestFrame();
        return;
      }
      pen.fillStyle = `hsl(${hue} 60% ${track === SCREEN ? 75 : 30}%)`;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = `hsl(${(hue + 180) % 360} 80% 55%)`;
      const x = (step * (width / 60)) % width;
      if (track === SCREEN) pen.fillRect(x, cellHeight * 6, cellWidth * 3, cellHeight);
      else {
        pen.beginPath();
        pen.arc(x, cellHeight * 6.5 + Math.sin(step / 8) * cellHeight, cellHeight, 0, 2 * Math.PI);
        pen.fill();
      }
      pen.font = `${Math.round(cellHeight)}px sans-serif`;
      pen.fillStyle = "#fff";
      pen.fillText(`${TRACKS[track]} ${options.person}`, cellWidth / 2, height - cellHeight / 3);
      encode(track, options.person, now()).forEach((bit, i) => {
        pen.fillStyle = bit ? "#fff" : "#000";
        const left = Math.round((i % COLUMNS) * cellWidth);
        const top = Math.round(Math.floor(i / COLUMNS) * cellHeight);
        pen.fillRect(left, top, Math.ceil(cellWidth), Math.ceil(cellHeight));
      });
      step += 1;
      output.requestFrame();
    };
    const timer = setInterval(paint, 1000 / fps);
    paint();
    return output;
  };

  let audio = null;
  const audioContext = () => {
    if (audio === null) {
      audio = new AudioContext();
      // Without the flag --autoplay-policy=no-user-gesture-required a context waits for the first click.
      const resume = () => audio.state === "suspended" && void audio.resume();
      for (const event of ["pointerdown", "keydown"]) addEventListener(event, resume, true);
      resume();
    }
    return audio;
  };

  const frequencyOf = (track, person) => TONE[track] + TONE_STEP * (person % TONE_PERSONS);

  const tone = (track) => {
    const context = audioContext();
    const oscillator = new OscillatorNode(context, { frequency: frequencyOf(track, options.person) });
    const volume = new GainNode(context, { gain: 0.25 });
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    oscillator.connect(volume).connect(destination);
    oscillator.start();
    const output = destination.stream.getAudioTracks()[0];
    // A stopped track would otherwise keep its oscillator running.
    const stop = output.stop.bind(output);
    output.stop = () => {
      oscillator.stop();
      stop();
    };
    return output;
  };

  const named = (output, label) => {
    Object.defineProperty(output, "label", { value: label });
    return output;
  };

  const CAMERA_LABEL = `Synthetic camera ${options.person}`;
  const MICROPHONE_LABEL = `Synthetic microphone ${options.person}`;
  const device = (kind, label) => ({ kind, label, deviceId: `synthetic-${kind}`, groupId: "synthetic", toJSON: () => ({ kind, label }) });

  const display = (withAudio) => {
    const tracks = [named(painter(SCREEN, options.width, options.height, options.fps), "Synthetic screen")];
    if (withAudio) tracks.push(named(tone("screen-audio"), "Synthetic screen sound"));
    return new MediaStream(tracks);
  };

  const replacement = {
    enumerateDevices: async () => [device("videoinput", CAMERA_LABEL), device("audioinput", MICROPHONE_LABEL)],
    getUserMedia: async (constraints = {}) => {
      if (constraints.video?.mandatory?.chromeMediaSource) {
        return options.screens ? display(false) : MediaDevices.prototype.getUserMedia.call(navigator.mediaDevices, constraints);
      }
      const tracks = [];
      if (constraints.audio) tracks.push(named(tone("microphone"), MICROPHONE_LABEL));
      if (constraints.video) tracks.push(named(painter(CAMERA, options.width, options.height, options.fps), CAMERA_LABEL));
      if (tracks.length === 0) throw new TypeError("At least one of audio and video must be requested");
      return new MediaStream(tracks);
    },
    getDisplayMedia: async (constraints = {}) => display(Boolean(constraints.audio)),
  };
  if (!options.screens) delete replacement.getDisplayMedia;
  for (const [name, value] of Object.entries(replacement)) {
    Object.defineProperty(navigator.mediaDevices, name, { value, configurable: true });
  }

  // ---- reading --------------------------------------------------------------------------------------------------

  const SAMPLE = 4; // samples a cell and direction; the middle 2 × 2 are used
  let reader = null;

  /**
   * Reads the bar code of what a video element shows now, or of a canvas with one of its pictures.
   *
   * @returns {{sender: number, track: string, sentAt: number, ageMs: number} | null} null if it shows none, or one that
   *     was damaged. `sentAt` is in ms since 1970 mod 2^32.
   */
  const readBarcode = (picture) => {
    const drawn = picture instanceof HTMLCanvasElement;
    const across = drawn ? picture.width : picture.videoWidth;
    const down = drawn ? picture.height : picture.videoHeight;
    if (across === 0 || (!drawn && picture.readyState < 2)) return null;
    if (reader === null) {
      const canvas = document.createElement("canvas");
      canvas.width = COLUMNS * SAMPLE;
      canvas.height = CODE_ROWS * SAMPLE;
      reader = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
      reader.imageSmoothingQuality = "medium";
    }
    const { width, height } = reader.canvas;
    const codeHeight = (down * CODE_ROWS) / ROWS;
    reader.drawImage(picture, 0, 0, across, codeHeight, 0, 0, width, height);
    const pixels = reader.getImageData(0, 0, width, height).data;
    const bits = Array.from({ length: COLUMNS * CODE_ROWS }, (_, i) => {
      const left = (i % COLUMNS) * SAMPLE + 1;
      const top = Math.floor(i / COLUMNS) * SAMPLE + 1;
      let green = 0;
      for (let y = top; y < top + 2; y++) for (let x = left; x < left + 2; x++) green += pixels[(y * width + x) * 4 + 1];
      return green > 2 * 2 * 128 ? 1 : 0;
    });
    const code = decode(bits);
    if (code === null) return null;
    const ageMs = (now() - code.sentAt + 2 ** 32) % 2 ** 32;
    return { sender: code.sender, track: TRACKS[code.track], sentAt: code.sentAt, ageMs };
  };

  const ears = new WeakMap();

  const listen = (track) => {
    const context = audioContext();
    const stream = new MediaStream([track]);
    // Chromium gives a received track's sound to Web Audio only while an element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    void element.play().catch(() => {});
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    const ear = { context, element, analyser };
    ears.set(track, ear);
    return ear;
  };

  /**
   * Listens to a track, or to what an audio or video element plays, for about a fifth of a second.
   *
   * @returns {Promise<{frequency: number, person: number, track: string, level: number} | null>} the loudest tone in Hz,
   *     who sends it as what, and its level in dB of full scale; null for silence, noise or a tone that is nobody's
   */
  const readTone = async (source) => {
    const track = source instanceof MediaStreamTrack ? source : source.srcObject?.getAudioTracks()[0];
    if (!track) return null;
    const ear = ears.get(track) ?? listen(track);
    const bins = new Float32Array(ear.analyser.frequencyBinCount);
    // The whole window must have been heard after this call began.
    const windowMs = (ear.analyser.fftSize / ear.context.sampleRate) * 1000;
    await new Promise((done) => setTimeout(done, windowMs + 50));
    ear.analyser.getFloatFrequencyData(bins);
    let best = 0;
    for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
    const level = bins[best];
    if (!(level > -60)) return null;
    // A tone stands out by far from what is not next to it; noise does not.
    const others = bins.filter((_, i) => Math.abs(i - best) > 8);
    others.sort();
    if (level - others[Math.floor(others.length / 2)] < 25) return null;
    const frequency = (best * ear.context.sampleRate) / ear.analyser.fftSize;
    for (const [name, base] of Object.entries(TONE)) {
      const person = Math.round((frequency - base) / TONE_STEP);
      if (person < 0 || person >= TONE_PERSONS) continue;
      if (Math.abs(frequency - frequencyOf(name, person)) < TONE_STEP / 4) return { frequency, person, track: name, level };
    }
    return null;
  };

  globalThis.sottoSynthetic = Object.freeze({
    person: options.person,
    readBarcode,
    readTone,
    /** Cameras and screens that are opened from now on have this size, and this many pictures a second. */
    size: (width, height, fps = options.fps) => {
      Object.assign(options, { width, height, fps });
    },
    /** Cameras and screens stand still while this is on, and take no processor time. */
    rest: (on) => {
      resting = on;
    },
    portrait: (on) => {
      portrait = on && globalThis.sottoPortrait !== undefined;
    },
  });
})();
