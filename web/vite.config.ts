import { defineConfig } from "vite";

/**
 * Two files leave this build: the page and the frame worker. They share no chunk, and neither is minified, so that what
 * runs can be read in the package as it is in the source.
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
