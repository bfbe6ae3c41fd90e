/**
 * The frame around a page's signals: which path they belong to (docs/protocol.md §10). While a call moves, two paths
 * exist, and each has its own connections.
 */

/** A signal of one path, or the word that everything of the receiver's is seen and heard over it. */
export type PathSignal =
  | { readonly kind: "signal"; readonly path: number; readonly data: string }
  | { readonly kind: "painted"; readonly path: number };

const SHAPE = /^(0|[1-9]\d{0,8}) (.*)$/s;
const PAINTED = "painted";

export function formatSignal(path: number, data: string): string {
  return `${path} ${data}`;
}

export function formatPainted(path: number): string {
  return `${path} ${PAINTED}`;
}

/** @returns null for what is none */
export function parsePathSignal(text: string): PathSignal | null {
  const found = SHAPE.exec(text);
  if (found?.[1] === undefined || found[2] === undefined) return null;
  const path = Number(found[1]);
  return found[2] === PAINTED ? { kind: "painted", path } : { kind: "signal", path, data: found[2] };
}
