// Runs the frame worker's benchmark in Chromium and prints its JSON:  node bench/worker-bench/run.mjs [rounds]
//
// CPU time is the renderer's, all of its threads: from the Linux scheduler (nanoseconds) or, elsewhere, from Chromium
// (10 ms steps). Rounds of the kinds alternate, each starting after a garbage collection, and each ratio is of two
// rounds that ran one after the other, so that a busy machine slows both alike. Medians, with the quartiles as spread.

import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build } from "vite";

const SIZES = [100, 1_000, 10_000, 50_000];
const WAYS = ["encrypt", "decrypt"];
const BASELINES = ["bare", "least"];
const ROUNDS = Number(process.argv[2] ?? 15);
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
  executablePath: process.env.SOTTO_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--js-flags=--expose-gc",
  ],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const processes = await browser.newBrowserCDPSession();
  const { processInfo } = await processes.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
  const cpuUs = () => (process.platform === "linux" ? schedulerUs(renderers) : chromiumUs(processes));
  const round = async (kind, bytes) => {
    await page.evaluate(([k, b]) => globalThis.sottoBench.prepare(k, b), [kind, bytes]);
    const before = await cpuUs();
    const { frames, milliseconds } = await page.evaluate(() => globalThis.sottoBench.go());
    return { cpuUs: ((await cpuUs()) - before) / frames, fps: (1000 * frames) / milliseconds };
  };
  const results = [];
  for (const bytes of SIZES) {
    for (const way of WAYS) {
      const samples = { sotto: [], bare: [], least: [] };
      // The first two rounds of each kind warm up and do not count.
      for (let i = -2; i < ROUNDS; i++) {
        for (const who of Object.keys(samples)) {
          const sample = await round(`${who}-${way}`, bytes);
          if (i >= 0) samples[who].push(sample);
        }
      }
      const ratio = (baseline) => spread(samples.sotto.map(({ cpuUs }, i) => cpuUs / samples[baseline][i].cpuUs));
      results.push({
        bytes,
        way,
        framesPerSecond: Math.round(spread(samples.sotto.map(({ fps }) => fps)).median),
        cpuMicroseconds: Object.fromEntries(
          Object.entries(samples).map(([who, rounds]) => [who, spread(rounds.map(({ cpuUs }) => cpuUs)).median]),
        ),
        cpuRatio: Object.fromEntries(BASELINES.map((baseline) => [baseline, ratio(baseline)])),
      });
    }
  }
  console.log(JSON.stringify({ rounds: ROUNDS, goalRatio: 1.1, results }, null, 2));
} finally {
  await browser.close();
  server.close();
}

/** All threads of these processes; those that ended meanwhile are lost, but Chromium keeps its pool. */
async function schedulerUs(pids) {
  let total = 0;
  for (const pid of pids) {
    for (const thread of await readdir(`/proc/${pid}/task`)) {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, "utf8").catch(() => "0");
      total += Number(text.split(" ")[0]) / 1000;
    }
  }
  return total;
}

async function chromiumUs(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return 1e6 * processInfo.filter(({ type }) => type === "renderer").reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part) => Math.round(1000 * sorted[Math.floor(part * (sorted.length - 1))]) / 1000;
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}
