import type { TrackName } from "../media/tracks";
import type { LastLevel } from "./levels";
import { type DeviceKind, OwnDevices } from "./own-devices";
import type { Ports } from "./ports";
import { savePreferences } from "./preferences";
import { ScreenSharing } from "./screen-sharing";
import type { Store } from "./store";
import type { MediaState } from "./view-state";

/**
 * What this person sends: whether camera and microphone are wanted and may be used, the devices and the screen behind
 * that, and what the others are told of it. In the lobby nothing is sent yet; the choices are the same.
 */
export class OwnMedia {
  readonly sharing: ScreenSharing;
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #devices: OwnDevices;
  readonly #changed: (track: TrackName, media: MediaStreamTrack | null) => void;
  /** What the others were told last, so that nothing is said twice. */
  #told = "";

  /** @param changed this track is sent from now on, or nothing as this track */
  constructor(
    ports: Ports,
    store: Store,
    level: LastLevel,
    changed: (track: TrackName, media: MediaStreamTrack | null) => void,
    toast: (text: string) => void,
  ) {
    this.#ports = ports;
    this.#store = store;
    this.#changed = changed;
    this.#devices = new OwnDevices(
      ports,
      store,
      level,
      (kind, track) => {
        this.#changed(kind, track);
        this.tell();
      },
      toast,
    );
    this.sharing = new ScreenSharing(ports, store, () => this.#screenChanged(), toast);
  }

  /** Opens what is wanted, or asks whether it may be. */
  open(): void {
    if (this.#mayOpen()) this.#devices.sync();
  }

  /** In a call that was found running after a reload: as it was told there. A screen has to be chosen anew. */
  resume({ microphone, camera }: MediaState): void {
    this.#store.set({ media: { ...this.#store.state.media, microphone, camera } });
    this.open();
  }

  /** Turns a device on or off; tries again where it was on and something is wrong with it. */
  toggle(kind: DeviceKind): void {
    if (!this.#mayOpen()) return;
    const { media, devices } = this.#store.state;
    if (kind === "camera" ? devices.cameraTrouble : devices.microphoneTrouble) {
      this.#want(kind, true);
      this.#devices.retry(kind);
    } else {
      this.#want(kind, !media[kind]);
      this.#devices.sync();
    }
  }

  choose(kind: DeviceKind, label: string): void {
    savePreferences(this.#ports, this.#store, kind === "camera" ? { cameraLabel: label } : { microphoneLabel: label });
    this.#devices.choose(kind, label);
  }

  /** Tries again with all that did not work. */
  retry(): void {
    if (!this.#mayOpen()) return;
    this.#devices.retry("camera");
    this.#devices.retry("microphone");
  }

  /** The user's answer to the app window's question whether camera and microphone may be used. */
  answerConsent(allow: boolean): void {
    this.#store.set({ consentAsked: false });
    if (!allow) {
      this.#store.devices({ cameraTrouble: "refused", microphoneTrouble: "refused" });
      return;
    }
    savePreferences(this.#ports, this.#store, { mediaAllowed: true });
    this.retry();
  }

  /** A call begins, in which nobody has been told anything. */
  callBegins(): void {
    this.#told = "";
  }

  /** Tells the others what is sent now: what is wanted, as far as there is a device for it. */
  tell(): void {
    const { call, media, devices } = this.#store.state;
    if (!call) return;
    const state = {
      ...media,
      microphone: media.microphone && devices.microphoneTrack !== null,
      camera: media.camera && devices.cameraTrack !== null,
    };
    const now = JSON.stringify(state);
    if (now === this.#told) return;
    this.#told = now;
    this.#ports.send({ type: "setMediaState", state });
  }

  /** Gives camera and microphone back. */
  close(): void {
    this.#devices.close();
  }

  /** True if devices may be opened; asks otherwise. */
  #mayOpen(): boolean {
    if (this.#devices.allowed()) return true;
    this.#store.set({ consentAsked: true });
    return false;
  }

  #want(kind: DeviceKind, on: boolean): void {
    const media = { ...this.#store.state.media, [kind]: on };
    this.#store.set({ media });
    // The lobby's choice is remembered; to mute in a call is of that moment.
    if (this.#store.state.phase.kind === "lobby") {
      savePreferences(this.#ports, this.#store, { microphoneOn: media.microphone, cameraOn: media.camera });
    }
    this.tell();
  }

  #screenChanged(): void {
    const { screenTrack, screenAudioTrack } = this.#store.state.sharing;
    this.#changed("screen", screenTrack);
    this.#changed("screen-audio", screenAudioTrack);
    this.tell();
  }
}
