import { describe, expect, it } from "vitest";
import { harden } from "../../../src/media/relay/answer";

const ANSWER = [
  "v=0",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 63",
  "a=rtpmap:111 opus/48000/2",
  "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=510000;stereo=1",
  "a=maxptime:60",
  "a=rtpmap:63 red/48000/2",
  "a=fmtp:63 111/111",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "a=rtpmap:96 VP8/90000",
  "a=fmtp:96 x-google-start-bitrate=900",
  "",
].join("\r\n");

describe("a relay's description", () => {
  const lines = harden(ANSWER).split("\r\n");

  it("can't ask for silence in smaller packets", () => {
    expect(lines.filter((line) => line.startsWith("a=fmtp:111"))).toEqual([
      "a=fmtp:111 cbr=1;usedtx=0;useinbandfec=1;minptime=20;stereo=1",
    ]);
    expect(lines).toContain("a=ptime:20");
    expect(lines.join()).not.toMatch(/usedtx=1|maxptime|510000/);
  });

  it("sets the same where the relay says nothing of Opus", () => {
    const without = ANSWER.replace(/a=fmtp:111.*\r\n/, "");
    expect(harden(without)).toContain("a=fmtp:111 cbr=1;usedtx=0;useinbandfec=1;minptime=20\r\n");
  });

  it("keeps the rest, and can't be got around by other line breaks", () => {
    expect(lines).toContain("a=fmtp:96 x-google-start-bitrate=900");
    expect(harden(ANSWER.replaceAll("\r\n", "\n"))).toBe(harden(ANSWER));
    expect(harden(ANSWER.replace("a=maxptime:60", "a=x:1\ra=fmtp:111 usedtx=1"))).not.toMatch(/usedtx=1/);
  });
});
