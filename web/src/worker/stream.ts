/** What the two directions of a transform share: frames in, frames out in order, counts. */
import { DROP_REASONS, type DropReason } from "./page-messages";

/** RTCEncodedVideoFrame or RTCEncodedAudioFrame, as far as this worker uses them. */
export interface EncodedFrame {
  data: ArrayBuffer;
  getMetadata(): { readonly mimeType?: string };
}

/** RTCRtpScriptTransformer, as far as this worker uses it. */
export interface Transformer {
  readonly options: unknown;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  /** Receivers of video only. */
  sendKeyFrameRequest(): Promise<void>;
}

/** Frames that are being encrypted or decrypted at once, for one stream; beyond that, frames are dropped. */
export const MAX_IN_FLIGHT = 32;

/** Counts of one stream. */
export class Counts {
  seen = 0;
  passed = 0;
  readonly dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;
}

/** One stream's way through the worker. */
export interface Stream {
  /** Takes the next frame. */
  take(frame: EncodedFrame): void;
}

/**
 * Reads until the stream ends. Chromium kills a track for good, without a word, when anything throws inside of its
 * transform: so every frame is on its own.
 */
export async function pump(readable: ReadableStream<EncodedFrame>, stream: Stream): Promise<void> {
  const reader = readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    try {
      stream.take(value);
    } catch {
      // The frame is lost; the track is not.
    }
  }
}

/** Writes frames in the order in which their work was begun, whenever it ends. */
export class OrderedOutput {
  readonly #writer: WritableStreamDefaultWriter<EncodedFrame>;
  #tail: Promise<void> = Promise.resolve();
  #inFlight = 0;

  constructor(writable: WritableStream<EncodedFrame>) {
    this.#writer = writable.getWriter();
  }

  get full(): boolean {
    return this.#inFlight >= MAX_IN_FLIGHT;
  }

  /**
   * @param work may fail, or end with nothing to write
   * @param release the last look before the frame goes; false keeps it back
   */
  push(work: Promise<EncodedFrame | undefined>, release: (frame: EncodedFrame) => boolean): void {
    this.#inFlight++;
    this.#tail = this.#write(this.#tail, work, release);
  }

  async #write(
    before: Promise<void>,
    work: Promise<EncodedFrame | undefined>,
    release: (frame: EncodedFrame) => boolean,
  ): Promise<void> {
    try {
      const frame = await work;
      await before;
      if (frame !== undefined && release(frame)) await this.#writer.write(frame);
    } catch {
      // The frame is lost, or the track has ended; the next one has its own chance.
    } finally {
      this.#inFlight--;
    }
  }
}
