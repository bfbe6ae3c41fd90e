import { defineConfig } from "vitest/config";

/**
 * Tests that drive a real Chromium (`SOTTO_CHROMIUM` names another than /usr/bin/chromium). One file after the other: each
 * measures real time on real media.
 */
export default defineConfig({
  test: {
    include: ["test/**/*.browser.ts"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
