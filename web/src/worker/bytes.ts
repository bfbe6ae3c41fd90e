/** Bytes in a buffer of their own kind, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** All parts, one after the other. */
export function concat(...parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The ASCII bytes of a label. */
export function ascii(text: string): Bytes {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** base64url without padding. */
export function toBase64Url(bytes: Bytes): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads base64url without padding, in its one canonical form. Throws RangeError for anything else. */
export function fromBase64Url(what: string, text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new RangeError(`${what} is not base64url`);
  const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  if (toBase64Url(bytes) !== text) throw new RangeError(`${what} is not canonical base64url`);
  return bytes;
}
