// Notes when the steps of a join happen in a page, in ms since 1970: what goes over the bridge's socket and what the
// peer connections say. Reads only; `window.sottoTimeline.take()` gives the notes and forgets them.
(() => {
  let notes = [];
  const note = (what) => notes.push([what, performance.timeOrigin + performance.now()]);
  // What `join-timeline-worker.js` sees in the frame worker.
  new BroadcastChannel("sotto-timeline").onmessage = ({ data }) => notes.push(data);
  const nameOf = (text) => {
    // What a relay is told and tells goes as bytes, beside the bridge.
    if (typeof text !== "string") return "relay's signalling";
    const message = JSON.parse(text);
    // Before the signal stands the number of its path; not each kind names itself.
    if (message.type === "signal") return `signal ${/"type":"([a-z-]+)"/.exec(message.data)?.[1] ?? ""}`;
    if (message.type === "callProgress") return `stage ${message.stage}`;
    if (message.type === "callState") return `callState ${message.participants.length}`;
    return message.type;
  };
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => note(`in ${nameOf(data)}`));
    }
    send(data) {
      note(`out ${nameOf(data)}`);
      super.send(data);
    }
  };
  const Connection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Connection {
    constructor(...args) {
      super(...args);
      note("peer connection");
      this.addEventListener("iceconnectionstatechange", () => note(`ice ${this.iceConnectionState}`));
      this.addEventListener("connectionstatechange", () => note(`connection ${this.connectionState}`));
      this.addEventListener("track", ({ track }) => {
        track.addEventListener("unmute", () => note(`unmute ${track.kind}`));
      });
      const local = this.setLocalDescription;
      this.setLocalDescription = async (...more) => {
        note("local description asked");
        await local.apply(this, more);
        note("local description");
      };
      const remote = this.setRemoteDescription;
      this.setRemoteDescription = async (...more) => {
        note("remote description asked");
        await remote.apply(this, more);
        note("remote description");
      };
    }
  };
  window.sottoTimeline = {
    take: () => {
      const taken = notes;
      notes = [];
      for (const name of ["sotto:join-click", "sotto:first-picture"]) {
        for (const { startTime } of performance.getEntriesByName(name)) taken.push([name, performance.timeOrigin + startTime]);
      }
      return taken.sort((a, b) => a[1] - b[1]);
    },
  };
})();
