package sotto.app.window;

import java.net.URI;

/**
 * The one origin that the window may load from: the local backend's. Compared as scheme, host and port, never by text
 * prefix ({@code http://127.0.0.1:80} is the beginning of {@code http://127.0.0.1:8080}).
 */
record OwnOrigin(String scheme, String host, int port) {
    OwnOrigin {
        if (!scheme.equals("http") || !host.equals("127.0.0.1") || port < 1 || port > 65_535)
            throw new IllegalArgumentException("not a loopback page: " + scheme + "://" + host + ":" + port);
    }

    static OwnOrigin of(URI page) {
        return new OwnOrigin(String.valueOf(page.getScheme()), String.valueOf(page.getHost()), page.getPort());
    }

    /** Whether a document may come from {@code url}. */
    boolean holdsPage(String url) {
        return holds(url, "http");
    }

    /**
     * Whether a resource may come from {@code url}: from the backend, or made by the page itself ({@code blob:} of this
     * origin, {@code data:}).
     */
    boolean holdsResource(String url) {
        if (url.startsWith("data:")) return true;
        if (url.startsWith("blob:")) return holds(url.substring("blob:".length()), "http");
        return holds(url, "http") || holds(url, "ws");
    }

    private boolean holds(String url, String wantedScheme) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException unreadable) {
            return false; // what cannot be read cannot be vouched for
        }
        return wantedScheme.equals(uri.getScheme())
                && host.equals(uri.getHost())
                && port == uri.getPort()
                && uri.getRawUserInfo() == null;
    }
}
