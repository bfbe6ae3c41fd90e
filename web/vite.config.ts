import { defineConfig } from "vite";

/**
 * Three scripts leave this build: the page, the frame worker, and the relay's client, which the page loads for the first
 * relayed call. The worker shares no chunk with them, and none is minified, so that what runs can be read in the package as
 * it is in the source.
 */
export default defineConfig({
  base: "/",
  build: {
    outDir: "dist",
    minify: false,
    modulePreload: false,
    target: "chrome140",
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { index: "index.html", "frame-worker": "src/worker/main.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
