import { build } from "vite";

/** Compiles one entry as the product's build does: one file, no chunk. */
export async function compiled(entry: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, target: "chrome140", rollupOptions: { input: entry } },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const chunks = outputs.flatMap((output) => ("output" in output ? output.output : []));
  if (chunks.length !== 1 || chunks[0]?.type !== "chunk") throw new Error(`${entry} does not give one file`);
  return chunks[0].code;
}
