import type { TrackKind, TrackName } from "./tracks";

/**
 * Where media paths and the frame worker meet. A path (mesh, relay) calls this for every sender and receiver that it
 * makes; the product's only implementation hands frames to the frame worker, which encrypts and decrypts them.
 *
 * All of `attachSender`, `attachReceiver` and `rebind` take effect before they return: Chromium loses a transform
 * that is set in a later task than the one that made the receiver, without any error, and then feeds ciphertext to the
 * decoder. None of them waits for keys; frames without a key are held or dropped by the worker.
 */
export interface Transforms {
  /**
   * Encrypts what `sender` sends as the own `track`. To be called in the same task that made the sender, before
   * negotiation, once in the sender's life.
   *
   * @throws TransformsUnsupported if this browser has no script transforms or the worker is gone
   */
  attachSender(sender: RTCRtpSender, track: TrackName): void;

  /**
   * Decrypts what `receiver` receives, and shows only what `participant` sent as `track`. To be called in the same task
   * that made the receiver: right after `addTransceiver`, or in the `track` event where the remote side made it.
   *
   * @param participant participant id (16 bytes in base64url)
   * @throws TransformsUnsupported if this browser has no script transforms or the worker is gone
   */
  attachReceiver(receiver: RTCRtpReceiver, participant: string, track: TrackName): void;

  /**
   * A receiver that has its transform, bound or not, shows another person or track from now on. Frames that were sent by the former
   * one and are still on their way are dropped.
   */
  rebind(receiver: RTCRtpReceiver, participant: string, track: TrackName): void;

  /**
   * As `attachReceiver`, for a receiver of which it is not known yet whose frames it will get: shows nothing until
   * `rebind`. What came shortly before is then shown, if it is that person's. A relay's client makes its receivers before
   * it knows.
   */
  attachUnbound(receiver: RTCRtpReceiver, kind: TrackKind): void;

  /** The receiver shows nobody from now on, until `rebind`. */
  unbind(receiver: RTCRtpReceiver): void;

  /** Frames that end in these bytes were made by a relay, and are dropped without waiting for a key. */
  expectInjected(trailer: Uint8Array): void;

  /**
   * How many frames have reached the receiver's transform since it was attached, whether or not they could be
   * decrypted. Watched against the receiver's statistics, to notice a transform that was lost.
   */
  framesSeen(receiver: RTCRtpReceiver): Promise<number>;

  /** How many of them were decrypted, and so were made by whom the receiver was bound to at that time. */
  framesPassed(receiver: RTCRtpReceiver): Promise<number>;
}

/** There is no way to encrypt media here; nothing can be sent or received. */
export class TransformsUnsupported extends Error {
  override readonly name = "TransformsUnsupported";
}

/** Whether this browser can run script transforms at all; the lobby asks before a call is entered. */
export function transformsSupported(): boolean {
  return (
    typeof RTCRtpScriptTransform === "function" &&
    typeof RTCRtpSender === "function" &&
    "transform" in RTCRtpSender.prototype &&
    "transform" in RTCRtpReceiver.prototype
  );
}
