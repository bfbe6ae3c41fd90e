// Notes since when the page shows the group that it shows: whoever asks it over the network of a busy machine is told the
// time, and not when the question got its turn.
(() => {
  const LOOK_EVERY_MS = 50;
  const state = () => {
    const call = globalThis.sotto?.call();
    if (!call?.inCall) return null;
    return {
      epoch: call.epoch,
      number: call.safetyNumber,
      ids: call.participants.map((one) => one.id).sort().join(),
      names: call.participants.map((one) => one.name).sort(),
      away: document.querySelector("[data-testid=server-reconnecting]") !== null,
    };
  };
  let shown = "null";
  let since = 0;
  const look = () => {
    const now = JSON.stringify(state());
    if (now === shown) return;
    shown = now;
    since = performance.timeOrigin + performance.now();
  };
  setInterval(look, LOOK_EVERY_MS);

  globalThis.sottoGroup = {
    /** What is shown now, null outside of a call, and since when in ms since 1970. */
    now: () => {
      look();
      return { group: JSON.parse(shown), since };
    },
  };
})();
