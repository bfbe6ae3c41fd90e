// Notes each newer picture of somebody else's camera as it is shown, also by an element that played out of sight before:
// when it was handed to the screen, the time in its bar code, which element showed it, and how many pictures that element has
// shown: those that were shown while the page itself was busy count too. From this the gap at a path switch is measured.
//
// Notes as well when the own camera, which this page paints itself, had a picture: it stands still where the page is busy,
// as a real one would not, and what it left out was not lost on the way. On the same clock as the bar codes.
(() => {
  let log = [];
  let newest = 0;
  let elements = 0;
  let painted = [];
  const { requestFrame } = CanvasCaptureMediaStreamTrack.prototype;
  CanvasCaptureMediaStreamTrack.prototype.requestFrame = function () {
    painted.push((performance.timeOrigin + performance.now()) % 2 ** 32);
    return requestFrame.call(this);
  };
  const watched = new WeakSet();
  const watch = (video) => {
    watched.add(video);
    const element = ++elements;
    const look = (_, { presentationTime, presentedFrames }) => {
      video.requestVideoFrameCallback(look);
      if (video.dataset.participant === undefined || video.dataset.track !== "camera") return;
      const code = globalThis.sottoSynthetic.readBarcode(video);
      if (code === null || code.sentAt <= newest) return;
      newest = code.sentAt;
      log.push([performance.timeOrigin + presentationTime, code.sentAt, element, presentedFrames]);
    };
    video.requestVideoFrameCallback(look);
  };
  new MutationObserver(() => {
    for (const video of document.querySelectorAll("video")) if (video.dataset.own !== "true" && !watched.has(video)) watch(video);
  }).observe(document, { childList: true, subtree: true });
  globalThis.sottoShown = {
    painted: () => {
      const taken = painted;
      painted = [];
      return taken;
    },
    take: () => {
      const taken = log;
      log = [];
      return taken;
    },
  };
})();
