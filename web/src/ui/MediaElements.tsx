import { useEffect, useRef } from "preact/hooks";
import type { TrackName } from "../call/view-state";

/*
 * One element per track. `data-participant` and `data-track` say whose track it is, for tests and support. A track comes
 * here only after the mesh has attached its decrypting transform: an element never plays what was not opened.
 */

interface Props {
  readonly participant: string;
  readonly track: TrackName;
  readonly media: MediaStreamTrack;
}

function useTrack<E extends HTMLMediaElement>(media: MediaStreamTrack, onHeld?: () => void) {
  const element = useRef<E>(null);
  useEffect(() => {
    const player = element.current;
    if (!player) return;
    player.srcObject = new MediaStream([media]);
    player.play()?.catch((cause: unknown) => {
      if (cause instanceof DOMException && cause.name === "NotAllowedError") onHeld?.();
    });
    return () => {
      player.srcObject = null;
    };
  }, [media]);
  return element;
}

/** A picture. Always silent: a person's voice has its own element. */
export function Picture(
  props: Props & { readonly mirrored?: boolean; readonly whole?: boolean; readonly own?: boolean },
) {
  const element = useTrack<HTMLVideoElement>(props.media);
  useEffect(() => {
    if (!props.own && element.current) markFirstPicture(element.current);
  }, [props.own, element]);
  return (
    <video
      ref={element}
      class={`picture${props.mirrored ? " mirrored" : ""}${props.whole ? " whole" : ""}`}
      data-participant={props.participant}
      data-track={props.track}
      data-own={props.own ? "true" : undefined}
      muted
      playsInline
      disablePictureInPicture
    />
  );
}

/** A sound. Has no controls and takes no room. */
export function Sound(props: Props & { readonly onHeld: () => void }) {
  const element = useTrack<HTMLAudioElement>(props.media, props.onHeld);
  return (
    // biome-ignore lint/a11y/useMediaCaption: a live voice; nothing could write its captions without hearing it
    <audio ref={element} data-participant={props.participant} data-track={props.track} />
  );
}

/** Marks the first remote picture that was put on screen after a click on join; the benchmark reads the mark. */
function markFirstPicture(video: HTMLVideoElement): void {
  if (!("requestVideoFrameCallback" in video)) return;
  video.requestVideoFrameCallback(() => {
    const join = performance.getEntriesByName("sotto:join-click").at(-1);
    const first = performance.getEntriesByName("sotto:first-picture").at(-1);
    if (!first || (join && first.startTime < join.startTime)) performance.mark("sotto:first-picture");
  });
}
