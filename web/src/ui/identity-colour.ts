/*
 * A person's tint and initials, for tiles without a picture. The tint comes from the identity fingerprint, so it stays the
 * same from call to call; it is decoration and proves nothing.
 */

/** Hue in degrees, one of 24, from the digits of a fingerprint. */
export function hueOf(fingerprint: string): number {
  let sum = 0;
  for (const character of fingerprint) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return (sum % 24) * 15;
}

/** Up to two letters: of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = firstLetter(words[0]);
  const last = words.length > 1 ? firstLetter(words[words.length - 1]) : "";
  return (first + last).toLocaleUpperCase();
}

function firstLetter(word: string | undefined): string {
  return Array.from(word ?? "")[0] ?? "";
}
