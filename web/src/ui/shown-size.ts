import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { ShownSize } from "../call/view-state";

/** Of cameras, as long as nothing is known of this one. */
const USUAL_ASPECT = 16 / 9;

/**
 * Tells how large the picture in this element is drawn, in device pixels, whenever that changes; null while nothing of it
 * can be seen: scrolled away, or the whole window out of sight.
 */
export function useShownSize(
  element: RefObject<HTMLVideoElement>,
  tell: ((size: ShownSize | null) => void) | undefined,
) {
  useEffect(() => {
    const video = element.current;
    if (!video || !tell || !("ResizeObserver" in window) || !("IntersectionObserver" in window)) return;
    let onScreen = true;
    const look = () => tell(onScreen && !document.hidden ? drawn(video) : null);
    const seen = new IntersectionObserver((entries) => {
      onScreen = entries.at(-1)?.isIntersecting ?? true;
      look();
    });
    const sized = new ResizeObserver(look);
    seen.observe(video);
    sized.observe(video);
    document.addEventListener("visibilitychange", look);
    return () => {
      seen.disconnect();
      sized.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, [element, tell === undefined]);
}

/** The whole picture's size as it is drawn, with what the element cuts off. */
function drawn(video: HTMLVideoElement): ShownSize | null {
  const { clientWidth, clientHeight, videoWidth, videoHeight } = video;
  if (clientWidth === 0 || clientHeight === 0) return null;
  const aspect = videoHeight > 0 ? videoWidth / videoHeight : USUAL_ASPECT;
  const whole = getComputedStyle(video).objectFit === "contain";
  const height = (whole ? Math.min : Math.max)(clientHeight, clientWidth / aspect);
  const scale = window.devicePixelRatio;
  return { width: height * aspect * scale, height: height * scale };
}
