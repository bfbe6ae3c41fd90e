import { useEffect, useRef } from "preact/hooks";
import type { LevelSource } from "../call/levels";

/** How loud the microphone hears, as the opening hairpin that stands for "louder" in a score. */
export function MicrophoneLevel({ level, muted }: { readonly level: LevelSource; readonly muted: boolean }) {
  const meter = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (muted) {
      meter.current?.style.setProperty("--level", "0");
      return;
    }
    let frame = 0;
    let shown = 0;
    const paint = () => {
      const heard = level.read();
      shown = heard > shown ? heard : shown * 0.88 + heard * 0.12;
      meter.current?.style.setProperty("--level", shown.toFixed(3));
      frame = requestAnimationFrame(paint);
    };
    frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, [level, muted]);
  return (
    <div
      ref={meter}
      class={muted ? "hairpin muted" : "hairpin"}
      role="img"
      aria-label={muted ? "Microphone is muted" : "Microphone level"}
      data-testid="microphone-level"
    />
  );
}
