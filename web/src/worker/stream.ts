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

  copy() {
    return { seen: this.seen, passed: this.passed, dropped: { ...this.dropped } };
  }
}

/**
 * Reads until the stream ends. Chromium kills a track for good, without a word, when anything throws inside of its
 * transform: so every frame is on its own.
 */
export async function pump(
  readable: ReadableStream<EncodedFrame>,
  stream: { take(frame: EncodedFrame): void },
): Promise<void> {
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

/** A frame's place in the order. */
interface Place {
  readonly frame: EncodedFrame;
  readonly finish: (result: ArrayBuffer | undefined) => ArrayBuffer | undefined;
  ended: boolean;
  result: ArrayBuffer | undefined;
}

/** Writes frames in the order in which their work was begun, whenever it ends. */
export class OrderedOutput {
  readonly #writer: WritableStreamDefaultWriter<EncodedFrame>;
  readonly #places: Place[] = [];
  #writing = 0;
  readonly #written = () => {
    this.#writing--;
  };

  constructor(writable: WritableStream<EncodedFrame>) {
    this.#writer = writable.getWriter();
  }

  get full(): boolean {
    return this.#places.length + this.#writing >= MAX_IN_FLIGHT;
  }

  /**
   * @param work the encryption or decryption
   * @param finish called when the frame's turn has come, with what the work gave, undefined if it failed: the last look
   *     at the frame. Gives the bytes that it leaves with, or undefined to keep it back
   */
  push(frame: EncodedFrame, work: Promise<ArrayBuffer>, finish: Place["finish"]): void {
    const place: Place = { frame, finish, ended: false, result: undefined };
    this.#places.push(place);
    const end = (result?: ArrayBuffer) => {
      place.ended = true;
      place.result = result;
      this.#flush();
    };
    work.then(end, () => end());
  }

  #flush(): void {
    while (this.#places[0]?.ended) {
      const place = this.#places.shift();
      const data = place?.finish(place.result);
      if (place === undefined || data === undefined) continue;
      place.frame.data = data;
      this.#writing++;
      // Rejected once the track has ended.
      this.#writer.write(place.frame).then(this.#written, this.#written);
    }
  }
}
