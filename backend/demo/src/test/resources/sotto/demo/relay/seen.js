// Notes whose pictures stood under whose name as what: camera and screen, of everybody but oneself. A tone is noted when
// asked for.
(() => {
  let seen = new Map();
  const watched = new WeakSet();
  const note = (element, code) => {
    const { participant, track } = element.dataset;
    if (participant === undefined || track === undefined) return;
    // The name that is read there; the participant's id is another one after each join.
    const name = document.querySelector(`[data-testid=tile][data-tile="${participant}"] .name`)?.textContent ?? null;
    const key = JSON.stringify([participant, track, code.person ?? code.sender, code.track, name]);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  };
  const watch = (video) => {
    watched.add(video);
    const look = () => {
      video.requestVideoFrameCallback(look);
      const code = globalThis.sottoSynthetic.readBarcode(video);
      if (code !== null) note(video, code);
    };
    video.requestVideoFrameCallback(look);
  };
  setInterval(() => {
    for (const video of document.querySelectorAll("video[data-participant][data-track]"))
      if (video.dataset.own !== "true" && !watched.has(video)) watch(video);
  }, 50);
  globalThis.sottoSeen = {
    /** What was shown since the last call: [participant, track, sender, the sender's track, name, pictures]. */
    take: () => {
      const taken = [...seen].map(([key, count]) => [...JSON.parse(key), count]);
      seen = new Map();
      return taken;
    },
    /** Listens twice for a fifth of a second to everybody; each tone that was there both times is noted, and told. */
    listen: async () => {
      const audios = [...document.querySelectorAll("audio[data-participant][data-track]")];
      const tones = await Promise.all(
        audios.map(async (audio) => {
          const tone = await globalThis.sottoSynthetic.readTone(audio);
          const again = await globalThis.sottoSynthetic.readTone(audio);
          // What fills a gap in the sound can look like another's tone for a moment; a tone that plays goes on.
          if (tone === null || again?.person !== tone.person || again.track !== tone.track) return null;
          note(audio, tone);
          return [audio.dataset.participant, audio.dataset.track, tone.person, tone.track];
        }),
      );
      return tones.filter((tone) => tone !== null);
    },
  };
})();
