import { CaptureError } from "../media/capture";
import type { ScreenCapture, ScreenChoice } from "../media/screen";
import type { Ports } from "./ports";
import type { Store } from "./store";
import type { ScreenRate, ScreenSource } from "./view-state";

/** The own shared screen and its sound, from the picker to the end. */
export class ScreenSharing {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #changed: () => void;
  readonly #toast: (text: string) => void;
  #capture: ScreenCapture | null = null;
  /** Rises with each start or stop: a picker that is answered after its call has ended starts nothing. */
  #turn = 0;

  /** @param changed called after each start and end */
  constructor(ports: Ports, store: Store, changed: () => void, toast: (text: string) => void) {
    this.#ports = ports;
    this.#store = store;
    this.#changed = changed;
    this.#toast = toast;
  }

  /** Ends the sharing, or begins it with a choice: the browser's picker, or ours in the app's window. */
  toggle(): void {
    if (this.#store.state.media.screen) this.stop();
    else if (this.#store.state.welcome?.embedded) this.openPicker();
    else this.#start({ kind: "picker" });
  }

  openPicker(): void {
    this.#store.sharing({ picker: { sources: null } });
    this.#ports.send({ type: "getScreenSources" });
  }

  listed(sources: readonly ScreenSource[]): void {
    if (this.#store.state.sharing.picker) this.#store.sharing({ picker: { sources } });
  }

  closePicker(): void {
    this.#store.sharing({ picker: null });
  }

  share(source: ScreenSource): void {
    this.closePicker();
    this.#start(source.window ? { kind: "window", id: source.id } : { kind: "whole-screen" });
  }

  setRate(rate: ScreenRate): void {
    this.#store.sharing({ rate });
    const track = this.#capture?.screen.track;
    if (!track) return;
    track.contentHint = rate === 30 ? "motion" : "detail";
    track
      .applyConstraints({ frameRate: { ideal: rate, max: rate } })
      .catch(() => this.#toast("This screen can’t change its rate while it is shared. The next one will use it."));
  }

  stop(): void {
    this.#turn++;
    this.closePicker();
    if (!this.#capture) return;
    this.#capture.stop();
    this.#capture = null;
    this.#show(null);
  }

  #start(choice: ScreenChoice): void {
    const turn = ++this.#turn;
    const { rate } = this.#store.state.sharing;
    this.#ports
      .openScreen(choice, {
        rate,
        // The app's window captures no sound on every system, and asks nobody: there only the picture is shared.
        audio: choice.kind === "picker",
        onEnded: () => {
          if (turn !== this.#turn) return;
          this.stop();
          this.#toast("Your screen is no longer shared.");
        },
      })
      .then((capture) => {
        if (turn !== this.#turn) {
          capture.stop();
          return;
        }
        this.#capture = capture;
        this.#show(capture);
      })
      .catch((cause: unknown) => {
        if (turn === this.#turn) this.#toast(wordsFor(cause));
      });
  }

  #show(capture: ScreenCapture | null): void {
    this.#store.sharing({
      screenTrack: capture?.screen.track ?? null,
      screenAudioTrack: capture?.screenAudio?.track ?? null,
    });
    const { media } = this.#store.state;
    this.#store.set({ media: { ...media, screen: capture !== null, screenAudio: Boolean(capture?.screenAudio) } });
    this.#changed();
  }
}

function wordsFor(cause: unknown): string {
  if (!(cause instanceof CaptureError)) return "The screen could not be shared.";
  switch (cause.problem.kind) {
    case "cancelled":
      return "Nothing is shared.";
    case "refused":
      return "The system does not allow sharing the screen. Look into its privacy settings.";
    case "none":
    case "missing":
      return "What you chose is not there any more. Choose again.";
    case "unsupported":
      return "Sharing the screen is not possible here.";
    case "busy":
    case "failed":
      return "The screen could not be shared. Try again.";
  }
}
