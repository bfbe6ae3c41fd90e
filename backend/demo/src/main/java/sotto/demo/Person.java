package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One participant of the demo: a backend process and a page, used through the same buttons that a person has. */
public final class Person implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What this person brings beside an honest client. */
    public enum Role {
        HONEST,
        /** Records frames as they travel. */
        WIRE_TAP,
        /** Keeps every key byte that was ever unsealed for it. */
        KEY_THIEF
    }

    /** How the synthetic camera films: its picture's size in pixels, and pictures a second. */
    public record Camera(int width, int height, int fps) {
        public static final Camera USUAL = new Camera(320, 180, 15);
    }

    public final String name;
    public final int number;
    public final AppProcess app;
    public final Page page;
    public final List<String> pageErrors = new ArrayList<>();
    private final List<String> console = new ArrayList<>();
    private final BrowserContext context;

    /** @param before scripts that run in each of this person's pages before the page's own */
    public Person(int number, String name, AppProcess app, Browser browser, Role role, String... before) {
        this(number, name, app, browser, role, Camera.USUAL, before);
    }

    /** @param before scripts that run in each of this person's pages before the page's own */
    public Person(
            int number, String name, AppProcess app, Browser browser, Role role, Camera camera, String... before) {
        this.number = number;
        this.name = name;
        this.app = app;
        context = browser.context();
        context.addInitScript("globalThis.sottoSyntheticOptions = { person: " + number + ", width: " + camera.width
                + ", height: " + camera.height + ", fps: " + camera.fps + " };\n" + resource("synthetic.js") + "\n"
                + String.join("\n", before));
        context.addInitScript(resource("portraits.js"));
        if (role != Role.HONEST) {
            context.addInitScript(resource("tap-page.js"));
            String tap = resource(role == Role.WIRE_TAP ? "wire-tap.js" : "key-thief.js");
            context.route("**/frame-worker.js", route -> putBefore(tap, route));
        }
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (console.size() < 200) console.add(message.type() + ": " + message.text());
        });
        page.onPageError(error -> pageErrors.add(name + ": " + error));
    }

    /**
     * Answers the request for the frame worker with the product's own and a script before it. The page fetches it: it may
     * be on a network of its own, where nobody but the page reaches the backend.
     */
    private void putBefore(String script, Route route) {
        if (route.request().resourceType().equals("fetch")) {
            route.resume();
            return;
        }
        JsonNode product = evaluate("""
                async () => {
                  const response = await fetch("/frame-worker.js");
                  return { headers: Object.fromEntries(response.headers), text: await response.text() };
                }""");
        Map<String, String> headers = new HashMap<>();
        product.get("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        route.fulfill(new Route.FulfillOptions()
                .setHeaders(headers)
                .setBody(script + "\n" + product.get("text").asText()));
    }

    /** From the next page load on, this runs before the product's frame worker, in the same thread. */
    public void beforeWorker(String script) {
        page.route("**/frame-worker.js", route -> putBefore(script, route));
    }

    /** A script of the demo. */
    public static String resource(String file) {
        try (InputStream in = Person.class.getResourceAsStream("/sotto/demo/" + file)) {
            if (in == null) throw new IllegalStateException("missing resource " + file);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens the page by its one-time URL and fills in the name. */
    public void openLobby() {
        page.navigate(app.url());
        see("lobby");
        at("name").fill(name);
    }

    /** Makes a room, enters it, and returns its link. */
    public String newRoom() {
        at("new-room").click();
        see("call");
        return at("room-link").getAttribute("title");
    }

    /** Makes a room that begins on this path, enters it, and returns its link. */
    public String newRoom(String path) {
        page.locator("[data-testid=new-path] [data-path=" + path + "]").click();
        return newRoom();
    }

    public void join(String link) {
        at("link").fill(link);
        at("join").click();
    }

    public void leave() {
        at("leave").click();
        see("lobby");
    }

    public Locator at(String testId) {
        return page.locator("[data-testid=" + testId + "]").first();
    }

    /** Waits until this is on the screen. */
    public void see(String testId) {
        at(testId)
                .waitFor(new Locator.WaitForOptions()
                        .setState(WaitForSelectorState.VISIBLE)
                        .setTimeout(20_000));
    }

    /** Waits until this is no longer on the screen. */
    public void gone(String testId) {
        at(testId)
                .waitFor(new Locator.WaitForOptions()
                        .setState(WaitForSelectorState.HIDDEN)
                        .setTimeout(20_000));
    }

    public JsonNode evaluate(String script) {
        Object value = page.evaluate("async () => JSON.stringify(await (" + script + ")())");
        try {
            return value == null ? JSON.nullNode() : JSON.readTree((String) value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the page has written to its console; the first two hundred lines. */
    public List<String> console() {
        return List.copyOf(console);
    }

    /** What the page has warned of in its console: a lost worker, a connection that is made anew. */
    public List<String> warnings() {
        return console.stream().filter(line -> line.startsWith("warning: ")).toList();
    }

    /** What helps to find out why something did not come about. */
    public String story() {
        String text = name + " shows: " + page.locator("body").innerText().replaceAll("\\s+", " ");
        return text + "\n  console: " + console + "\n  page errors: " + pageErrors + "\n  backend: " + app.printed();
    }

    /** Whether the camera shows a drawn person or, as it does at first, the bar code. */
    public void portrait(boolean drawn) {
        page.evaluate("drawn => sottoSynthetic.portrait(drawn)", drawn);
    }

    void screenshot(Path folder) {
        page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")));
    }

    @Override
    public void close() {
        context.close();
        app.close();
    }
}
