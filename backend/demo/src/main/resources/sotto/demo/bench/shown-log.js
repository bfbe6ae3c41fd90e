// Notes each newer picture of somebody else's camera as it is shown, also by an element that played out of sight before:
// when, the time in its bar code, and which element showed it. From this the gap at a path switch is measured, to the frame.
(() => {
  let log = [];
  let newest = 0;
  let elements = 0;
  const watched = new WeakSet();
  const watch = (video) => {
    watched.add(video);
    const element = ++elements;
    const look = () => {
      video.requestVideoFrameCallback(look);
      if (video.dataset.participant === undefined || video.dataset.track !== "camera") return;
      const code = globalThis.sottoSynthetic.readBarcode(video);
      if (code === null || code.sentAt <= newest) return;
      newest = code.sentAt;
      log.push([performance.timeOrigin + performance.now(), code.sentAt, element]);
    };
    video.requestVideoFrameCallback(look);
  };
  new MutationObserver(() => {
    for (const video of document.querySelectorAll("video")) if (video.dataset.own !== "true" && !watched.has(video)) watch(video);
  }).observe(document, { childList: true, subtree: true });
  globalThis.sottoShown = {
    take: () => {
      const taken = log;
      log = [];
      return taken;
    },
  };
})();
