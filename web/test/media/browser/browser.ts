import { type Browser, chromium, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import syntheticScript from "../../../../backend/demo/src/main/resources/sotto/demo/synthetic.js?raw";

const WEB = decodeURIComponent(new URL("../../..", import.meta.url).pathname);

/** Without these, tabs and timers sleep, Chromium phones home, or sound waits for a click. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** A real Chromium and a server for the harness' page. */
export class TestBrowser {
  private constructor(
    private readonly server: ViteDevServer,
    private readonly browser: Browser,
    private readonly port: number,
  ) {}

  static async start(): Promise<TestBrowser> {
    const server = await createServer({
      root: WEB,
      logLevel: "error",
      server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
    });
    await server.listen();
    const address = server.httpServer?.address();
    if (typeof address !== "object" || address === null) throw new Error("no port");
    const executablePath = (import.meta.env.SOTTO_CHROMIUM as string | undefined) ?? "/usr/bin/chromium";
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new TestBrowser(server, browser, address.port);
  }

  /** A page with the harness and, unless told otherwise, a synthetic camera, microphone and screen for person 7. */
  async open({ synthetic = true } = {}): Promise<Page> {
    const origin = `http://127.0.0.1:${this.port}`;
    const context = await this.browser.newContext();
    // Host candidates are hidden behind mDNS names unless the page may use the camera.
    await context.grantPermissions(["camera", "microphone"], { origin });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error("page:", error));
    page.on("console", (message) => {
      if (message.type() === "error") console.error("page:", message.text());
    });
    if (synthetic) {
      await page.addInitScript("globalThis.sottoSyntheticOptions = { person: 7, width: 640, height: 360, fps: 15 }");
      await page.addInitScript(syntheticScript);
    }
    await page.goto(`${origin}/test/media/browser/index.html`);
    await page.waitForFunction(() => "harness" in window);
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }
}
