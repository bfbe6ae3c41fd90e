import { defineConfig } from "vite";

/** Builds the benchmark's page into target/relay-bench. Nothing of it enters the product. */
export default defineConfig({
  root: decodeURIComponent(new URL(".", import.meta.url).pathname),
  base: "./",
  build: { outDir: "../../target/relay-bench", emptyOutDir: true, minify: false, target: "chrome140" },
  worker: { format: "es" },
});
