/**
 * WebRTC's sender takes its codec settings from the other side's description, here the relay's. So they are made here
 * before it is applied: no relay can ask for silence in smaller packets (RFC 7587 §6.1).
 */

const FORCED = ["cbr=1", "usedtx=0", "useinbandfec=1", "minptime=20"];
/** What the relay may say of Opus: only whether a track has two channels. */
const KEPT = /^(?:stereo|sprop-stereo)=[01]$/;

/** The description with Opus at a constant bit rate and without gaps; the rest as it came. */
export function harden(sdp: string): string {
  const out: string[] = [];
  let section: string[] = [];
  const flush = () => {
    out.push(...hardenSection(section));
    section = [];
  };
  for (const line of sdp.split(/\r\n|[\r\n]/)) {
    if (line.startsWith("m=")) flush();
    if (line !== "") section.push(line);
  }
  flush();
  return `${out.join("\r\n")}\r\n`;
}

function hardenSection(lines: readonly string[]): string[] {
  if (!lines[0]?.startsWith("m=audio")) return [...lines];
  const types = lines.flatMap((line) => /^a=rtpmap:(\d{1,3}) opus\/48000\/2$/i.exec(line)?.[1] ?? []);
  const kept = new Map(types.map((type) => [type, [] as string[]]));
  const out: string[] = [];
  for (const line of lines) {
    if (/^a=(?:max)?ptime:/.test(line)) continue;
    const fmtp = /^a=fmtp:(\d{1,3}) (.*)$/.exec(line);
    const settings = fmtp?.[1] === undefined ? undefined : kept.get(fmtp[1]);
    if (settings === undefined) out.push(line);
    else
      settings.push(
        ...(fmtp?.[2] ?? "")
          .split(";")
          .map((part) => part.trim())
          .filter((part) => KEPT.test(part)),
      );
  }
  return [
    ...out,
    ...types.map((type) => `a=fmtp:${type} ${[...FORCED, ...(kept.get(type) ?? [])].join(";")}`),
    "a=ptime:20",
  ];
}
