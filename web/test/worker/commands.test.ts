import { describe, expect, it } from "vitest";
import { concat } from "../../src/worker/bytes";
import { MalformedCommands, readCommands } from "../../src/worker/commands";
import { BOB, commandBytes, commandsBytes, FORGET_ALL, forgetBytes, kidOf, Seeded } from "./support";

const send = () => commandBytes("install-send", { keyId: 7, track: "camera", epoch: 70, leaf: 3, switchAfterMs: 300 });
const receive = () => commandBytes("install-receive", { keyId: 8, track: "microphone", participant: BOB });

describe("sealed commands", () => {
  it("are read in their order", async () => {
    const commands = await readCommands(commandsBytes(send(), receive(), forgetBytes(0xffff_fffe), FORGET_ALL));
    expect(commands.map(({ kind }) => kind)).toEqual(["install-send", "install-receive", "forget", "forget-all"]);
    expect(commands[0]).toMatchObject({
      key: { keyId: 7, kid: kidOf(3, "camera", 70), track: "camera" },
      switchAfterMs: 300,
    });
    expect(commands[1]).toMatchObject({ key: { keyId: 8, participant: BOB, track: "microphone" } });
    expect(commands[2]).toEqual({ kind: "forget", keyId: 0xffff_fffe });
  });

  it("give keys that can't be exported and do one thing only, and leave no byte behind", async () => {
    const plaintext = commandsBytes(send(), receive());
    const commands = await readCommands(plaintext);
    expect(plaintext.every((byte) => byte === 0)).toBe(true);
    const keys = commands.map((command) => ("key" in command ? command.key.key : undefined));
    expect(keys.map((key) => key?.extractable)).toEqual([false, false]);
    expect(keys.map((key) => key?.usages)).toEqual([["encrypt"], ["decrypt"]]);
  });

  it("are refused as a whole when truncated anywhere or followed by a byte, and zeroed all the same", async () => {
    const whole = commandsBytes(send(), receive(), forgetBytes(1), FORGET_ALL);
    for (let length = 0; length < whole.length; length++) {
      const cut = whole.slice(0, length);
      await expect(readCommands(cut)).rejects.toThrow(MalformedCommands);
      expect(cut.every((byte) => byte === 0)).toBe(true);
    }
    await expect(readCommands(concat(whole, Uint8Array.of(0)))).rejects.toThrow(MalformedCommands);
  });

  it("are refused with an unknown command, track, or a KID that does not fit its track and epoch", async () => {
    for (const [at, value] of [
      [0, 5],
      [0, 0],
      [12, 0],
      [13, 4],
      [13, 0],
      [21, 71],
      [7, 1],
    ] as const) {
      const command = send();
      command[at] = value;
      await expect(readCommands(commandsBytes(command))).rejects.toThrow(MalformedCommands);
    }
  });

  it("are refused beyond 64 KiB", async () => {
    const many = Array.from({ length: 800 }, receive);
    await expect(readCommands(commandsBytes(...many))).rejects.toThrow(MalformedCommands);
  });

  it("never break the reader, whatever the bytes", async () => {
    const random = new Seeded(5);
    for (let i = 0; i < 2000; i++) {
      const bytes = random.bytes(random.next(120));
      if (bytes.length > 2) bytes.set([0, 1 + random.next(2), 1 + random.next(5)]);
      await readCommands(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(MalformedCommands));
    }
  });
});
