// Keeps the page's connections, to ask them what went over them and how.
globalThis.sottoConnections = [];
globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {
  constructor(...how) {
    super(...how);
    globalThis.sottoConnections.push(this);
  }
};
