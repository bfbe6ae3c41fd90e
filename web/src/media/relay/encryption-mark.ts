import { EncryptionEvent, type Participant, type Room } from "livekit-client";
import { TransformsUnsupported } from "../transforms";

type Listener = (...told: never[]) => void;

/**
 * What the relay's client takes for its encryption. It encrypts nothing: frames go through our own transforms. It makes
 * the client mark the tracks as encrypted, so that the relay ends the frames that it makes itself in a trailer; and it
 * hears that trailer.
 */
export class EncryptionMark {
  isEnabled = true;
  /** Data channels are not used at all. */
  isDataChannelEncryptionEnabled = false;
  readonly #listeners = new Map<string, Listener>();
  #room: Room | null = null;

  constructor(private readonly trailerKnown: (trailer: Uint8Array) => void) {}

  setup(room: Room): void {
    this.#room = room;
  }

  setupEngine(): void {}

  setParticipantCryptorEnabled(enabled: boolean): void {
    const listener = this.#listeners.get(EncryptionEvent.ParticipantEncryptionStatusChanged) as
      | ((enabled: boolean, participant: Participant) => void)
      | undefined;
    if (this.#room !== null) listener?.(enabled, this.#room.localParticipant);
  }

  setSifTrailer(trailer: Uint8Array): void {
    // An old or odd relay may have none, or one that would match anything; the worker looks at its length.
    if (trailer.length > 0) this.trailerKnown(trailer.slice());
  }

  encryptData(): Promise<never> {
    return Promise.reject(new TransformsUnsupported("no data is sent through a relay"));
  }

  handleEncryptedData(): Promise<never> {
    return Promise.reject(new TransformsUnsupported("no data is taken from a relay"));
  }

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, listener);
    return this;
  }
}
