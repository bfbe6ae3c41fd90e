package sotto.bridge.local;

import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/** The headers of every response, errors included: nothing from outside is loaded, nobody may frame or read the page. */
final class SecurityHeaders {
    private final Map<String, String> headers;

    SecurityHeaders(int port) {
        headers = Map.of(
                "Content-Security-Policy",
                String.join(
                        "; ",
                        "default-src 'none'",
                        "script-src 'self'",
                        "worker-src 'self'",
                        "style-src 'self'",
                        "img-src 'self' blob: data:",
                        "media-src 'self' blob:",
                        "connect-src 'self' ws://127.0.0.1:" + port,
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'",
                        "require-trusted-types-for 'script'",
                        "trusted-types sotto"),
                "X-Content-Type-Options",
                "nosniff",
                "Referrer-Policy",
                "no-referrer",
                "Cross-Origin-Opener-Policy",
                "same-origin",
                "Cross-Origin-Embedder-Policy",
                "require-corp",
                "Cross-Origin-Resource-Policy",
                "same-origin",
                "Permissions-Policy",
                PERMISSIONS,
                "Cache-Control",
                "no-store");
    }

    private static final String PERMISSIONS = "camera=(self), microphone=(self), display-capture=(self), "
            + "accelerometer=(), autoplay=(self), browsing-topics=(), clipboard-read=(), "
            + "clipboard-write=(self), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), "
            + "identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), midi=(), "
            + "otp-credentials=(), payment=(), picture-in-picture=(), publickey-credentials-create=(), "
            + "publickey-credentials-get=(), screen-wake-lock=(), serial=(), speaker-selection=(self), "
            + "storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()";

    void putInto(HttpFields.Mutable fields) {
        headers.forEach(fields::put);
    }

    Map<String, String> all() {
        return headers;
    }
}
