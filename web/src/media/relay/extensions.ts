import { extensionAllowed } from "../sdp";

/** Which layer a packet belongs to: a relay has to choose among them. */
const LAYERS = [
  "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
  "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
];

const KNOWN = [
  "urn:ietf:params:rtp-hdrext:sdes:mid",
  "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
];

/** As between two pages (`sdp.ts`): audio stays outside of the bandwidth estimate, so its frames keep their size. */
export const AUDIO_ONLY_MID = KNOWN.filter((uri) => extensionAllowed("microphone", uri));
export const VIDEO_EXTENSIONS = [...KNOWN.filter((uri) => extensionAllowed("camera", uri)), ...LAYERS];
