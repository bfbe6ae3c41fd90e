/**
 * How loud something is, measured on decoded sound. The call sends no audio levels, since they would travel in the
 * clear; so the microphone's meter and the mark at who is speaking both come from here.
 */

/** Milliseconds between two measurements. */
const INTERVAL_MS = 100;

/** Root mean square above which a voice is heard, and below which it has ended; 1 is full scale. */
const SPEAKS_ABOVE = 0.015;
const SILENT_BELOW = 0.008;

/** How long silence must last before somebody has stopped speaking: longer than a pause between words. */
const SILENT_FOR_MS = 500;

/** Decides from a row of levels whether somebody speaks. Pure, so that it can be tested without sound. */
export class SpeakingGate {
  #speaking = false;
  #lastHeard = Number.NEGATIVE_INFINITY;

  /**
   * @param level root mean square, 0 to 1
   * @param now milliseconds on any steady clock
   */
  update(level: number, now: number): boolean {
    if (level > SPEAKS_ABOVE || (this.#speaking && level >= SILENT_BELOW)) {
      this.#lastHeard = now;
      this.#speaking = true;
    } else if (now - this.#lastHeard >= SILENT_FOR_MS) {
      this.#speaking = false;
    }
    return this.#speaking;
  }
}

/** Root mean square of samples between -1 and 1. */
export function rootMeanSquare(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/**
 * Measures any number of audio tracks with one timer and one audio context.
 *
 * A track received from somebody else is silent here, in Chromium, unless an audio element plays it too (muted or not).
 */
export class Levels {
  readonly #meters = new Set<Meter>();
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  /**
   * Calls `heard` ten times a second with the root mean square of what `track` carries. For a meter on screen, 0.3 is
   * loud.
   *
   * @returns stops measuring
   */
  level(track: MediaStreamTrack, heard: (level: number) => void): () => void {
    return this.#add(track, heard);
  }

  /**
   * Calls `changed` when somebody begins or stops to speak.
   *
   * @returns stops watching
   */
  speaking(track: MediaStreamTrack, changed: (speaking: boolean) => void): () => void {
    const gate = new SpeakingGate();
    let speaking = false;
    return this.#add(track, (level) => {
      const now = gate.update(level, performance.now());
      if (now === speaking) return;
      speaking = now;
      changed(now);
    });
  }

  /** Stops everything and gives the audio context back. */
  close(): void {
    for (const meter of this.#meters) meter.source.disconnect();
    this.#meters.clear();
    this.#stopTimer();
    void this.#context?.close();
    this.#context = null;
  }

  #add(track: MediaStreamTrack, heard: (level: number) => void): () => void {
    this.#context ??= new AudioContext({ latencyHint: "playback" });
    const source = this.#context.createMediaStreamSource(new MediaStream([track]));
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 2048;
    source.connect(analyser);
    const meter = { source, analyser, samples: new Float32Array(analyser.fftSize), heard };
    this.#meters.add(meter);
    this.#timer ??= setInterval(() => this.#measure(), INTERVAL_MS);
    return () => {
      source.disconnect();
      this.#meters.delete(meter);
      if (this.#meters.size === 0) this.#stopTimer();
    };
  }

  #measure(): void {
    // Made before the first click, a context starts suspended; resuming is allowed once somebody has clicked.
    if (this.#context?.state === "suspended" && navigator.userActivation.hasBeenActive) void this.#context.resume();
    for (const { analyser, samples, heard } of [...this.#meters]) {
      analyser.getFloatTimeDomainData(samples);
      heard(rootMeanSquare(samples));
    }
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

interface Meter {
  readonly source: MediaStreamAudioSourceNode;
  readonly analyser: AnalyserNode;
  readonly samples: Float32Array<ArrayBuffer>;
  readonly heard: (level: number) => void;
}
