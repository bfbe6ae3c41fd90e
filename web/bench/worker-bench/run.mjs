// Runs the frame worker's benchmark in Chromium and prints its JSON:  node bench/worker-bench/run.mjs [rounds]
//
// CPU time is the renderer's, all of its threads, as Chromium itself counts it (SystemInfo.getProcessInfo). Rounds of
// the product's path and of bare WebCrypto alternate, so that a busy machine slows both alike.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";

const SIZES = [100, 1_000, 10_000, 50_000];
const KINDS = ["sotto-encrypt", "bare-encrypt", "sotto-decrypt", "bare-decrypt"];
const ROUNDS = Number(process.argv[2] ?? 5);
const TYPES = { ".html": "text/html", ".js": "text/javascript" };

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "../../target/worker-bench");
await build({ configFile: join(here, "vite.config.ts"), logLevel: "error" });

const server = createServer(async (request, response) => {
  const path = request.url === "/" ? "/index.html" : request.url;
  const body = await readFile(join(built, path)).catch(() => undefined);
  response.writeHead(body === undefined ? 404 : 200, { "content-type": TYPES[extname(path)] ?? "text/plain" });
  response.end(body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const processes = await browser.newBrowserCDPSession();
  const cpuMs = async () => {
    const { processInfo } = await processes.send("SystemInfo.getProcessInfo");
    return 1000 * processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const round = async (kind, bytes) => {
    await page.evaluate(([k, b]) => globalThis.sottoBench.prepare(k, b), [kind, bytes]);
    const before = await cpuMs();
    const { frames, milliseconds } = await page.evaluate(() => globalThis.sottoBench.go());
    return { cpuUs: (1000 * ((await cpuMs()) - before)) / frames, fps: (1000 * frames) / milliseconds };
  };
  const results = [];
  for (const bytes of SIZES) {
    const samples = Object.fromEntries(KINDS.map((kind) => [kind, []]));
    // The first round of each kind warms up and does not count.
    for (let i = 0; i <= ROUNDS; i++) {
      for (const kind of KINDS) {
        const sample = await round(kind, bytes);
        if (i > 0) samples[kind].push(sample);
      }
    }
    const of = (kind, field) => median(samples[kind].map((sample) => sample[field]));
    const ratio = (way) =>
      round3(median(samples[`sotto-${way}`].map(({ cpuUs }, i) => cpuUs / samples[`bare-${way}`][i].cpuUs)));
    results.push({
      bytes,
      framesPerSecondEncrypt: Math.round(of("sotto-encrypt", "fps")),
      framesPerSecondDecrypt: Math.round(of("sotto-decrypt", "fps")),
      cpuMicrosecondsEncrypt: round3(of("sotto-encrypt", "cpuUs")),
      cpuMicrosecondsDecrypt: round3(of("sotto-decrypt", "cpuUs")),
      bareMicrosecondsEncrypt: round3(of("bare-encrypt", "cpuUs")),
      bareMicrosecondsDecrypt: round3(of("bare-decrypt", "cpuUs")),
      cpuPerFrameRatioEncrypt: ratio("encrypt"),
      cpuPerFrameRatioDecrypt: ratio("decrypt"),
    });
  }
  console.log(JSON.stringify({ rounds: ROUNDS, goalRatio: 1.1, sizes: results }, null, 2));
} finally {
  await browser.close();
  server.close();
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function round3(value) {
  return Math.round(value * 1000) / 1000;
}
