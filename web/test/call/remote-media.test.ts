import { describe, expect, it } from "vitest";
import { RemoteMediaBoard } from "../../src/call/remote-media";

function track(id: string): MediaStreamTrack {
  return { id } as MediaStreamTrack;
}

const ADA = "ada";
const OLD = track("old");
const NEW = track("new");

function moving(): RemoteMediaBoard {
  const board = new RemoteMediaBoard();
  board.added(0, ADA, "camera", OLD);
  board.added(1, ADA, "camera", NEW);
  return board;
}

describe("what is on screen", () => {
  it("is the first that comes, at once", () => {
    const board = new RemoteMediaBoard();
    expect(board.added(0, ADA, "camera", OLD)).toBe(false);
    expect(board.tracks.get(ADA)).toEqual({ camera: OLD });
    expect(board.coming.get(ADA)).toEqual({});
  });

  it("stays until the new path's has shown something", () => {
    const board = moving();
    expect(board.tracks.get(ADA)).toEqual({ camera: OLD });
    expect(board.coming.get(ADA)).toEqual({ camera: NEW });
    expect(board.movedTo(1, ADA)).toBe(false);
    expect(board.played(ADA, "camera", NEW)).toBe(true);
    expect(board.tracks.get(ADA)).toEqual({ camera: NEW });
    expect(board.movedTo(1, ADA)).toBe(true);
  });

  it("is known as what is replaced, as long as the other path's is coming", () => {
    const board = moving();
    expect(board.replaces(ADA, "camera", NEW)).toBe(0);
    expect(board.replaces(ADA, "camera", OLD)).toBeNull();
    board.played(ADA, "camera", NEW);
    expect(board.replaces(ADA, "camera", NEW)).toBeNull();
    const rebuilt = new RemoteMediaBoard();
    rebuilt.added(0, ADA, "camera", OLD);
    rebuilt.added(0, ADA, "camera", NEW);
    expect(rebuilt.replaces(ADA, "camera", NEW)).toBeNull();
  });

  it("gives way at once when it ends", () => {
    const board = moving();
    expect(board.removed(0, ADA, "camera")).toBe(false);
    expect(board.tracks.get(ADA)).toEqual({ camera: NEW });
  });

  it("stays when it is named anew, and what was coming never takes its place", () => {
    const board = moving();
    expect(board.added(1, ADA, "camera", OLD)).toBe(false);
    expect(board.coming.get(ADA)).toEqual({});
    expect(board.played(ADA, "camera", NEW)).toBe(false);
    expect(board.tracks.get(ADA)).toEqual({ camera: OLD });
  });

  it("stays when the new one ends before it was shown", () => {
    const board = moving();
    expect(board.removed(1, ADA, "camera")).toBe(false);
    expect(board.tracks.get(ADA)).toEqual({ camera: OLD });
    expect(board.coming.get(ADA)).toEqual({});
  });

  it("goes when both ended", () => {
    const board = moving();
    board.played(ADA, "camera", NEW);
    expect(board.removed(1, ADA, "camera")).toBe(true);
    expect(board.tracks.get(ADA)).toEqual({});
  });

  it("is not taken back by an older path that comes later", () => {
    const board = moving();
    board.played(ADA, "camera", NEW);
    expect(board.added(0, ADA, "camera", track("older"))).toBe(false);
    expect(board.tracks.get(ADA)).toEqual({ camera: NEW });
  });

  it("changes hands within one path too, when its connection was made anew", () => {
    const board = new RemoteMediaBoard();
    board.added(0, ADA, "camera", OLD);
    expect(board.added(0, ADA, "camera", NEW)).toBe(true);
    board.played(ADA, "camera", NEW);
    expect(board.shown(ADA, "camera")).toBe(NEW);
  });

  it("makes room when a path is closed", () => {
    const board = moving();
    board.added(0, ADA, "screen", track("screen"));
    board.drop(0);
    expect(board.tracks.get(ADA)).toEqual({ camera: NEW });
  });
});
