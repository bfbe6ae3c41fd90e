import { Fragment } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ShownSize, TrackName } from "../call/view-state";
import { useShownSize } from "./shown-size";

/*
 * One element per track; a second one, out of sight and earshot, for a track that is about to take its place. The element
 * that was made for the coming track stays when it is shown, so that nothing is loaded or painted anew at the swap.
 *
 * `data-participant` and `data-track` say whose track is shown, for tests and support. A track comes here only after its
 * path has attached the decrypting transform: an element never plays what was not opened.
 */

interface Props {
  readonly participant: string;
  readonly track: TrackName;
  readonly media: MediaStreamTrack;
  /** Plays out of sight until it has shown something. */
  readonly coming?: MediaStreamTrack | undefined;
}

interface PictureProps extends Props {
  readonly mirrored?: boolean;
  readonly whole?: boolean;
  readonly own?: boolean;
  /** The first picture of a track was painted. */
  readonly onPainted?: (media: MediaStreamTrack) => void;
  /** It is drawn at another size now, or not at all. */
  readonly onShown?: (size: ShownSize | null) => void;
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
export function Picture(props: PictureProps) {
  const { media, coming } = props;
  return (
    <Fragment>
      <OnePicture key={media.id} {...props} />
      {coming && coming !== media && <OnePicture key={coming.id} {...props} media={coming} hidden />}
    </Fragment>
  );
}

function OnePicture(props: PictureProps & { readonly hidden?: boolean }) {
  const element = useTrack<HTMLVideoElement>(props.media);
  useEffect(() => {
    if (!props.own && element.current) onFirstPicture(element.current, () => props.onPainted?.(props.media));
  }, [props.own, element]);
  // What comes is out of sight for a moment only: it is not for it to say.
  useShownSize(element, props.own || props.hidden ? undefined : props.onShown);
  const shape = `${props.mirrored ? " mirrored" : ""}${props.whole ? " whole" : ""}`;
  return (
    <video
      ref={element}
      class={`picture${shape}${props.hidden ? " coming" : ""}`}
      data-participant={props.hidden ? undefined : props.participant}
      data-track={props.hidden ? undefined : props.track}
      data-own={props.own ? "true" : undefined}
      aria-hidden={props.hidden}
      muted
      playsInline
      disablePictureInPicture
    />
  );
}

/** A sound. Has no controls and takes no room. */
export function Sound(props: Props & { readonly onHeld: () => void }) {
  const { media, coming } = props;
  return (
    <Fragment>
      <OneSound key={media.id} {...props} />
      {coming && coming !== media && <OneSound key={coming.id} {...props} media={coming} hidden />}
    </Fragment>
  );
}

function OneSound(props: Props & { readonly onHeld: () => void; readonly hidden?: boolean }) {
  const element = useTrack<HTMLAudioElement>(props.media, props.onHeld);
  return (
    <audio
      ref={element}
      muted={props.hidden === true}
      data-participant={props.hidden ? undefined : props.participant}
      data-track={props.hidden ? undefined : props.track}
    />
  );
}

/** Tells of the first picture, and marks the first one after a click on join; the benchmark reads the mark. */
function onFirstPicture(video: HTMLVideoElement, painted: () => void): void {
  if (!("requestVideoFrameCallback" in video)) return;
  video.requestVideoFrameCallback(() => {
    const join = performance.getEntriesByName("sotto:join-click").at(-1);
    const first = performance.getEntriesByName("sotto:first-picture").at(-1);
    if (!first || (join && first.startTime < join.startTime)) performance.mark("sotto:first-picture");
    painted();
  });
}
