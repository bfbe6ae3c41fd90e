import { describe, expect, test } from "vitest";
import { BadDescription, checkOwn, extensionAllowed, harden, SDP_CHARS } from "../../src/media/sdp";

const LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
const MID = "urn:ietf:params:rtp-hdrext:sdes:mid";

const AUDIO = [
  "m=audio 9 UDP/TLS/RTP/SAVPF 111",
  "c=IN IP4 0.0.0.0",
  "a=mid:0",
  `a=extmap:4 ${MID}`,
  "a=sendrecv",
  "a=rtpmap:111 opus/48000/2",
  "a=rtcp-fb:111 transport-cc",
  "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1",
];
const VIDEO = [
  "m=video 9 UDP/TLS/RTP/SAVPF 96 97",
  "c=IN IP4 0.0.0.0",
  "a=mid:1",
  `a=extmap:4/sendonly ${MID}`,
  "a=sendrecv",
  "a=rtpmap:96 VP8/90000",
  "a=rtcp-fb:96 nack pli",
  "a=rtpmap:97 rtx/90000",
  "a=fmtp:97 apt=96",
];

function sdp(...sections: string[][]): string {
  return `${["v=0", "s=-", "t=0 0", ...sections.flat()].join("\r\n")}\r\n`;
}

const GOOD = sdp(AUDIO, VIDEO, VIDEO, AUDIO);

describe("a received description", () => {
  test("makes this side send Opus at one size: constant bit rate, no gaps, 20 ms", () => {
    const settings = harden(GOOD).match(/a=fmtp:111 .*/g) ?? [];
    expect(settings).toHaveLength(2);
    for (const line of settings) {
      expect(line).toContain("cbr=1");
      expect(line).toContain("usedtx=0");
      expect(line).not.toContain("usedtx=1");
    }
    expect(harden(GOOD).match(/a=ptime:20/g)).toHaveLength(2);
  });

  test("keeps stereo for a shared screen's sound alone", () => {
    const [microphone, screen] = harden(GOOD).match(/a=fmtp:111 .*/g) ?? [];
    expect(microphone).toContain("stereo=0");
    expect(screen).toContain("stereo=1");
  });

  test("can't ask for another packet time", () => {
    expect(harden(sdp([...AUDIO, "a=ptime:60", "a=maxptime:120"], VIDEO, VIDEO, AUDIO))).not.toMatch(/ptime:(60|120)/);
  });

  test("loses every header extension that is not allowed", () => {
    const hardened = harden(
      sdp(
        [...AUDIO, `a=extmap:1 ${LEVEL}`, `a=extmap:2/sendrecv ${LEVEL} vad=on`],
        [...VIDEO, "a=extmap:9 urn:other"],
        VIDEO,
        AUDIO,
      ),
    );
    expect(hardened).not.toContain("audio-level");
    expect(hardened).not.toContain("urn:other");
    expect(hardened).toContain(MID);
  });

  test("loses header extensions that hold for the whole session, or are written unusually", () => {
    const whole = GOOD.replace("t=0 0\r\n", `t=0 0\r\na=extmap:1 ${LEVEL}\r\n`);
    expect(harden(whole)).not.toContain("audio-level");
    for (const line of [`a=extmap:1\t${LEVEL}`, `a=extmap: 1 ${LEVEL}`, `a=extmap:1  ${LEVEL}`]) {
      expect(harden(sdp([...AUDIO, line], VIDEO, VIDEO, AUDIO))).not.toContain("audio-level");
    }
  });

  test("loses settings that are written unusually", () => {
    const hardened = harden(sdp([...AUDIO, "a=fmtp: 111 usedtx=1", "a=fmtp:111\tusedtx=1"], VIDEO, VIDEO, AUDIO));
    expect(hardened).not.toContain("usedtx=1");
  });

  test("takes audio out of congestion control, which would change the size of its frames", () => {
    expect(harden(GOOD)).not.toContain("a=rtcp-fb:111");
    expect(harden(GOOD)).toContain("a=rtcp-fb:96 nack pli");
  });

  test("keeps what retransmission refers to", () => {
    expect(harden(GOOD)).toContain("a=fmtp:97 apt=96");
  });

  const RED = AUDIO.map((line) => line.replace("SAVPF 111", "SAVPF 111 63")).concat("a=rtpmap:63 red/48000/2");
  const H264 = VIDEO.map((line) => line.replace("VP8", "H264"));
  for (const [what, bad] of [
    ["a data channel", sdp(AUDIO, VIDEO, VIDEO, AUDIO, ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel"])],
    ["a data channel in place of a track", sdp(AUDIO, VIDEO, VIDEO, ["m=application 9 UDP/DTLS/SCTP x"])],
    ["tracks in another order", sdp(VIDEO, AUDIO, VIDEO, AUDIO)],
    ["three tracks", sdp(AUDIO, VIDEO, VIDEO)],
    ["redundant audio", sdp(RED, VIDEO, VIDEO, AUDIO)],
    ["another video codec", sdp(AUDIO, H264, VIDEO, AUDIO)],
    ["a static payload type", sdp([AUDIO[0]?.replace("111", "0") ?? ""], VIDEO, VIDEO, AUDIO)],
    [
      "retransmission alone",
      sdp(
        AUDIO,
        VIDEO.map((line) => line.replace("SAVPF 96 97", "SAVPF 97")),
        VIDEO,
        AUDIO,
      ),
    ],
    ["a line hidden behind a bare line break", sdp([...AUDIO, `a=x\na=extmap:1 ${LEVEL}`], VIDEO, VIDEO, AUDIO)],
    ["one payload type for two codecs", sdp([...AUDIO, "a=rtpmap:111 red/48000/2"], VIDEO, VIDEO, AUDIO)],
    ["media that is not encrypted in transport", GOOD.replaceAll("UDP/TLS/RTP/SAVPF", "RTP/AVPF")],
    ["no end of line", GOOD.trimEnd()],
    ["too much", GOOD + "a=x\r\n".repeat(SDP_CHARS / 4)],
    ["nothing", ""],
  ] as const) {
    test(`is refused with ${what}`, () => expect(() => harden(bad)).toThrow(BadDescription));
  }
});

describe("an own description", () => {
  test("passes as hardened", () => expect(() => checkOwn(harden(GOOD))).not.toThrow());

  test("is not sent with an audio level in it", () => {
    const leaking = sdp([...AUDIO, `a=extmap:1 ${LEVEL}`], VIDEO, VIDEO, AUDIO);
    expect(() => checkOwn(leaking)).toThrow(/ssrc-audio-level for microphone/);
  });

  test("negotiates no audio level for any track", () => {
    expect(extensionAllowed("microphone", LEVEL)).toBe(false);
    expect(extensionAllowed("screen-audio", "urn:ietf:params:rtp-hdrext:csrc-audio-level")).toBe(false);
    expect(extensionAllowed("camera", MID)).toBe(true);
  });
});
