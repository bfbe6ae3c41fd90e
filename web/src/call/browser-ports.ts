import type { PageToBackend } from "../bridge/messages";
import { listDevices, openCamera, openMicrophone, watchDevices } from "../media/capture";
import { FrameWorker } from "../media/frame-worker";
import { Levels } from "../media/levels";
import { Mesh } from "../media/mesh";
import { RelayPath } from "../media/relay/relay-path";
import type { TakeSeat } from "../media/relay/seat";
import { openScreen } from "../media/screen";
import { transformsSupported } from "../media/transforms";
import type { Ports } from "./ports";

/** The relay's client is large, and most calls need none. */
const takeSeat: TakeSeat = async (...setting) => {
  const { LiveKitSeat } = await import("../media/relay/livekit-seat");
  return LiveKitSeat.take(...setting);
};

/** The real browser and the real media parts, put together. */
export function browserPorts(send: (message: PageToBackend) => void): Ports {
  return {
    send,
    transformsSupported,
    startWorker: (ticket, events) => new FrameWorker(ticket, events),
    makeMesh: ({ hidden, ...setting }) =>
      new Mesh({ ...setting, ...(hidden && { iceTransportPolicy: "relay" as const }) }),
    makeRelay: (setting) => new RelayPath({ ...setting, takeSeat }),
    origin: () => location.origin,
    openCamera,
    openMicrophone,
    openScreen,
    listDevices,
    watchDevices,
    levels: new Levels(),
    copy: (text) => navigator.clipboard.writeText(text),
    playSounds() {
      for (const audio of document.querySelectorAll("audio")) audio.play().catch(() => undefined);
    },
    reload: () => location.reload(),
    mark: (name) => void performance.mark(name),
    after(milliseconds, later) {
      const timer = setTimeout(later, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
