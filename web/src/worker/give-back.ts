/**
 * Frees a buffer's memory now; the buffer is empty then. Never throws: what can't be freed waits for a garbage collection.
 *
 * A buffer that the browser made (WebCrypto's result) stays in Chromium's hands until a garbage collection, whatever the
 * script does with it, so that each further result lies in fresh pages, and these cost more than to encrypt into them.
 * Audio data is the one owner that takes a buffer over whole and can be closed. No sound comes of it.
 */
export function giveBack(buffer: ArrayBuffer): void {
  if (typeof AudioData === "undefined") return;
  try {
    const about = { format: "u8", sampleRate: 48_000, numberOfFrames: 1, numberOfChannels: 1, timestamp: 0 } as const;
    new AudioData({ ...about, data: buffer, transfer: [buffer] }).close();
  } catch {
    // It waits for the garbage collection, as it does in a browser without AudioData.
  }
}
