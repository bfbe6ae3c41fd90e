// Notes everything in which this page could be told of an address: what comes over its sockets (signals of the others, as
// they were sealed, and the relay's signalling), descriptions and candidates as they are set, the own candidates, and the
// candidates that the browser has found out by itself.
(() => {
  const heard = [];
  const connections = [];
  const note = (kind, text) => {
    if (text) heard.push([kind, text]);
  };
  const text = (data) =>
    typeof data === "string"
      ? data
      : Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join("");

  globalThis.WebSocket = class extends globalThis.WebSocket {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", async ({ data }) =>
        note("message", text(data instanceof Blob ? await data.arrayBuffer() : data)),
      );
    }
  };

  globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
    constructor(...how) {
      super(...how);
      connections.push(this);
      this.addEventListener("icecandidate", ({ candidate }) => note("own candidate", candidate?.candidate));
    }
    async setLocalDescription(...description) {
      await super.setLocalDescription(...description);
      note("local description", this.localDescription?.sdp);
    }
    async setRemoteDescription(description) {
      note("remote description", description.sdp);
      return super.setRemoteDescription(description);
    }
    async addIceCandidate(candidate) {
      note("remote candidate", candidate?.candidate);
      return super.addIceCandidate(candidate);
    }
  };

  globalThis.sottoHeard = async () => {
    for (const connection of connections)
      for (const one of (await connection.getStats()).values())
        if (one.type === "remote-candidate" || one.type === "local-candidate") note(one.type, JSON.stringify(one));
    return heard;
  };
})();
