import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { compiled } from "./compiled";
import type { LargeFramesApi } from "./large-frames-page";

it("large frames are whole though many are under way, and their ciphertexts' memory is given back", async () => {
  const browser = await chromium.launch({
    executablePath: (import.meta.env.SOTTO_CHROMIUM as string | undefined) ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  try {
    const page = await browser.newPage();
    // A context in which WebCrypto is there, and nothing else.
    await page.route("https://sotto.test/", (route) => route.fulfill({ contentType: "text/html", body: "" }));
    await page.goto("https://sotto.test/");
    await page.addScriptTag({ content: await compiled("test/worker/large-frames-page.ts"), type: "module" });
    await page.waitForFunction("globalThis.api !== undefined");
    const sizes = Array.from({ length: 40 }, (_, i) => 20_000 + i * 7_919);
    const told = await page.evaluate(
      (all) => (globalThis as unknown as { api: LargeFramesApi }).api.roundTrip(all),
      sizes,
    );
    expect(told).toEqual({ opened: sizes.length, kept: 0 });
  } finally {
    await browser.close();
  }
});
