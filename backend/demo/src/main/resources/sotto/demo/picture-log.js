// Notes each new picture of somebody else's camera as it is painted: when, under whose participant id it was shown, and
// whose bar code it bore. From this the gaps in what a person saw are measured, to the frame.
(() => {
  let log = [];
  const watched = new WeakSet();

  const watch = (video) => {
    watched.add(video);
    let last = "";
    const look = () => {
      video.requestVideoFrameCallback(look);
      const code = globalThis.sottoSynthetic.readBarcode(video);
      if (code === null || code.track !== "camera") return;
      const picture = `${code.sender} ${code.sentAt}`;
      if (picture === last) return;
      last = picture;
      log.push([performance.timeOrigin + performance.now(), video.dataset.participant ?? "", code.sender]);
    };
    video.requestVideoFrameCallback(look);
  };

  setInterval(() => {
    for (const video of document.querySelectorAll("video[data-participant][data-track=camera]")) {
      if (video.dataset.own !== "true" && !watched.has(video)) watch(video);
    }
  }, 50);

  globalThis.sottoPictures = {
    /** What was noted since the last call. */
    take: () => {
      const taken = log;
      log = [];
      return taken;
    },
  };
})();
