package sotto.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import sotto.rooms.wire.RoomId;
import sotto.rooms.wire.WireLimits;
import sotto.server.relay.Relay;

/** What the server answers to plain HTTP: health, metrics, and a page for who opens a link in a browser. */
final class Pages {
    private final String linkPage = resource("link.html");
    private final String linkPolicy = "default-src 'none'; style-src 'sha256-" + styleHash(linkPage)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private final boolean tls;

    Pages(boolean tls) {
        this.tls = tls;
    }

    void addTo(
            RoutesConfig routes,
            ServerSettings settings,
            Rooms rooms,
            Connections connections,
            Offers offers,
            Metrics metrics) {
        routes.before(this::headers);
        routes.get(
                "/health",
                context -> context.contentType(ContentType.APPLICATION_JSON)
                        .result("{\"status\":\"ok\",\"version\":" + WireLimits.VERSION + ",\"rooms\":" + rooms.count()
                                + ",\"connections\":" + connections.count() + ",\"relay\":" + offers.relayOffered()
                                + "}"));
        if (settings.metrics())
            routes.get(
                    "/metrics",
                    context -> context.contentType("text/plain; version=0.0.4; charset=utf-8")
                            .result(metrics.prometheus(rooms.count(), connections.count())
                                    + offers.relay().map(Relay::prometheus).orElse("")));
        offers.relay()
                .filter(Relay::takesNodes)
                .ifPresent(relay -> routes.post(Relay.BEAT_PATH, context -> {
                    Relay.BeatAnswer answer = relay.beat(context.header("Authorization"), context.bodyAsBytes());
                    context.status(answer.status()).result(answer.text());
                }));
        routes.get("/j/{room}", this::link);
    }

    private void headers(Context context) {
        context.header("Cache-Control", "no-store")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff");
        if (tls) context.header("Strict-Transport-Security", "max-age=31536000");
    }

    /**
     * Says how to open the link. The same for every well-formed room id, in use or not. It runs no script, so that
     * nothing of this server ever reads the link secret in the fragment.
     */
    private void link(Context context) {
        try {
            RoomId.fromString(context.pathParam("room"));
        } catch (IllegalArgumentException notARoom) {
            context.status(HttpStatus.NOT_FOUND).result("This is not a Sotto link.");
            return;
        }
        context.header("Content-Security-Policy", linkPolicy).html(linkPage);
    }

    private static String resource(String name) {
        try (InputStream in = Pages.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("the server's package lacks " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException("the server's package holds a broken " + name, broken);
        }
    }

    private static String styleHash(String page) {
        String style = page.substring(page.indexOf("<style>") + "<style>".length(), page.indexOf("</style>"));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException missing) {
            throw new AssertionError("every Java platform has SHA-256", missing);
        }
    }
}
