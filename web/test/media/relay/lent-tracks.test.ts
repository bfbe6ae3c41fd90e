import { describe, expect, it } from "vitest";
import type { Binding } from "../../../src/media/relay/directory";
import { LentTracks } from "../../../src/media/relay/lent-tracks";

class FakeTrack {
  readyState = "live";

  clone(): FakeTrack {
    return new FakeTrack();
  }

  stop(): void {
    this.readyState = "ended";
  }
}

const RECEIVER = { track: new FakeTrack() } as unknown as RTCRtpReceiver;

function bound(participant: string, name = "TR_1"): Binding {
  return { participant, track: "camera", incoming: { identity: participant, name, receiver: RECEIVER } };
}

describe("what a receiver's track is lent as", () => {
  it("lasts as long as the receiver shows the same person, whatever the relay calls the track", () => {
    const lent = new LentTracks();
    const media = lent.of(bound("ada"));
    lent.keep([bound("ada", "TR_2")]);
    expect(lent.of(bound("ada", "TR_2"))).toBe(media);
    expect(media.readyState).toBe("live");
  });

  it("ends when the receiver goes to somebody else, who gets another one", () => {
    const lent = new LentTracks();
    const adas = lent.of(bound("ada"));
    lent.keep([bound("bruno")]);
    expect(adas.readyState).toBe("ended");
    const brunos = lent.of(bound("bruno"));
    expect(brunos).not.toBe(adas);
    expect(brunos.readyState).toBe("live");
  });

  it("ends when the receiver shows nobody, and never ends the receiver's own", () => {
    const lent = new LentTracks();
    const media = lent.of(bound("ada"));
    lent.keep([]);
    expect(media.readyState).toBe("ended");
    expect(RECEIVER.track.readyState).toBe("live");
  });
});
