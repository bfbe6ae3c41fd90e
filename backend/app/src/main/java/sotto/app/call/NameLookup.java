package sotto.app.call;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the addresses of STUN and TURN servers for the page: the window's Chromium is not allowed to look up any name.
 *
 * <p>URLs of servers with TLS ({@code stuns:}, {@code turns:}) stay as they are, since their certificates are for names.
 * So the window can use such a server only where its URL and its certificate hold its address.
 */
public final class NameLookup {
    private static final Logger LOG = LoggerFactory.getLogger(NameLookup.class);

    /** {@code scheme:host[:port][?transport=…]} (RFC 7064 §3.1, RFC 7065 §3.1). */
    private static final Pattern URL =
            Pattern.compile("((?:stun|turn)s?:)(\\[[^\\]]+]|[^:?\\[]+)((?::[0-9]+)?(?:\\?.*)?)");

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*");
    /** More are of no use, and each costs a client an allocation. */
    private static final int MOST_ADDRESSES = 2;

    /** What knows names. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] all(String host) throws UnknownHostException;
    }

    private final Resolver resolver;

    NameLookup(Resolver resolver) {
        this.resolver = resolver;
    }

    /** Asks the system. */
    public static NameLookup ofTheSystem() {
        return new NameLookup(InetAddress::getAllByName);
    }

    /** Whether a URL needs no lookup. */
    static boolean isAddress(String url) {
        Matcher parts = URL.matcher(url);
        return !parts.matches()
                || parts.group(1).endsWith("s:")
                || ADDRESS.matcher(parts.group(2)).matches();
    }

    /** The same server by its addresses; none if its name leads nowhere. May take seconds. */
    List<String> byAddress(String url) {
        if (isAddress(url)) return List.of(url);
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) throw new AssertionError("seen above");
        try {
            return Arrays.stream(resolver.all(parts.group(2)))
                    .limit(MOST_ADDRESSES)
                    .map(address -> parts.group(1) + literal(address) + parts.group(3))
                    .toList();
        } catch (UnknownHostException unknown) {
            LOG.warn("the server names a STUN or TURN server whose name leads nowhere: {}", parts.group(2));
            return List.of();
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text.replaceFirst("%.*", "") + "]" : text;
    }
}
