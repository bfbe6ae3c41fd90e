/** The name as the backend takes it: without control and formatting characters, at most 48 UTF-16 units. */
export function cleanName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .slice(0, 48)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trim();
}
