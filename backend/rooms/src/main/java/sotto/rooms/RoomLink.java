package sotto.rooms;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import sotto.rooms.LinkException.Reason;
import sotto.rooms.group.Bytes;
import sotto.rooms.wire.RoomId;

/**
 * A room's link (docs/protocol.md §1): {@code <scheme>://<host>[:<port>]/j/<room id>#<link secret>.<path><host tag>}.
 * Whoever has it can enter the room, so it prints without its secret; {@link #text()} gives all of it.
 *
 * <p>Immutable but for {@link #close()}, which wipes the secret.
 */
public final class RoomLink implements AutoCloseable {
    /** Characters of the longest link that is accepted. */
    public static final int MAX_CHARS = 512;

    private static final String PATH = "/j/";
    private static final int SECRET_CHARS = 43;
    private static final int REST_CHARS = 24;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI server;
    private final RoomId room;
    private final LinkSecret secret;
    private final RoomPath path;
    private final HostTag host;

    private RoomLink(URI server, RoomId room, LinkSecret secret, RoomPath path, HostTag host) {
        this.server = server;
        this.room = room;
        this.secret = secret;
        this.path = path;
        this.host = host;
    }

    /**
     * Reads a link as a person pasted it; white space around it is dropped.
     *
     * @throws LinkException with the reason
     */
    public static RoomLink parse(String text) throws LinkException {
        Objects.requireNonNull(text, "text");
        String link = text.strip();
        if (link.isEmpty()) throw new LinkException(Reason.EMPTY, "the link is empty");
        if (link.length() > MAX_CHARS)
            throw new LinkException(
                    Reason.TOO_LONG, "the link has " + link.length() + " characters, more than " + MAX_CHARS);
        URI uri;
        try {
            uri = new URI(link);
        } catch (URISyntaxException notAUri) { // its message repeats the link
            throw new LinkException(Reason.NOT_A_URL, "the link is not a URL");
        }
        URI server = origin(uri);
        RoomId room = room(uri);
        String fragment = uri.getRawFragment();
        if (fragment == null || fragment.isEmpty())
            throw new LinkException(Reason.SECRET_MISSING, "the part after # is missing: copy the whole link");
        if (fragment.length() < SECRET_CHARS
                || fragment.length() > SECRET_CHARS && fragment.charAt(SECRET_CHARS) != '.')
            throw new LinkException(
                    Reason.SECRET, "the part after # has not 43 characters and a dot: copy the whole link");
        RoomPath path = path(fragment.substring(SECRET_CHARS));
        HostTag host = host(fragment.substring(SECRET_CHARS));
        return new RoomLink(server, room, secret(fragment.substring(0, SECRET_CHARS)), path, host);
    }

    /**
     * A link to a new room.
     *
     * @param server scheme, host and port of the coordination server
     * @param random a cryptographic source
     * @param path how media travels at first
     * @param maker identity key of who makes the room, 33 bytes: its first host
     * @throws LinkException if a link may not name this server
     */
    public static RoomLink create(URI server, RandomGenerator random, RoomPath path, Bytes maker) throws LinkException {
        byte[] bytes = new byte[LinkSecret.BYTES];
        random.nextBytes(bytes);
        try {
            RoomId room = RoomId.random(random);
            return new RoomLink(origin(server), room, LinkSecret.of(bytes), path, HostTag.of(room, maker));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static URI origin(URI uri) throws LinkException {
        if (uri.isOpaque() || uri.getScheme() == null || uri.getRawAuthority() == null)
            throw new LinkException(Reason.NOT_A_URL, "the link does not begin with https://");
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http"))
            throw new LinkException(Reason.SCHEME, "the link must begin with https://");
        if (uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawAuthority().indexOf('@') >= 0)
            throw new LinkException(Reason.EXTRA_PART, "the link has a user name or a query, which links don't have");
        if (uri.getHost() == null) throw new LinkException(Reason.HOST, "the link names no valid host");
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (scheme.equals("http") && !LOOPBACK.contains(host))
            throw new LinkException(Reason.SCHEME, "http is for this machine only; the link must begin with https://");
        int port = uri.getPort();
        if (port == 0 || port > 0xFFFF) throw new LinkException(Reason.HOST, "the link's port is out of range");
        if (uri.getRawAuthority().endsWith(":"))
            throw new LinkException(Reason.HOST, "the link has a colon after the host, but no port");
        return URI.create(scheme + "://" + host + (port < 0 ? "" : ":" + port));
    }

    private static RoomId room(URI uri) throws LinkException {
        String path = uri.getRawPath();
        if (path == null || !path.startsWith(PATH))
            throw new LinkException(Reason.ROOM, "the link does not lead to a room: /j/ is missing");
        try {
            return RoomId.fromString(path.substring(PATH.length()));
        } catch (IllegalArgumentException bad) {
            throw new LinkException(Reason.ROOM, "the link's room id is not 22 characters of base64url");
        }
    }

    /** @param rest a dot, the path's letter, the host tag */
    private static RoomPath path(String rest) throws LinkException {
        if (rest.length() != REST_CHARS)
            throw new LinkException(Reason.HOST_TAG, "the end of the link is missing: copy the whole link");
        return RoomPath.of(rest.charAt(1))
                .orElseThrow(() -> new LinkException(Reason.HOST_TAG, "the link names a path that does not exist"));
    }

    private static HostTag host(String rest) throws LinkException {
        try {
            return HostTag.fromString(rest.substring(2));
        } catch (IllegalArgumentException bad) {
            throw new LinkException(Reason.HOST_TAG, "the end of the link holds characters that links don't have");
        }
    }

    private static LinkSecret secret(String fragment) throws LinkException {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(fragment);
        } catch (IllegalArgumentException notBase64) { // its message repeats a character
            throw new LinkException(Reason.SECRET, "the part after # holds characters that links don't have");
        }
        try {
            if (bytes.length != LinkSecret.BYTES || !encode(bytes).equals(fragment))
                throw new LinkException(Reason.SECRET, "the part after # is not 32 bytes in base64url");
            return LinkSecret.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Scheme, host and port of the coordination server, for example {@code https://sotto.example}. */
    public URI server() {
        return server;
    }

    public RoomId room() {
        return room;
    }

    /** Closed together with this link. */
    public LinkSecret secret() {
        return secret;
    }

    /** How media travels until the members agree on another way. */
    public RoomPath path() {
        return path;
    }

    /** Names the room's maker. */
    public HostTag host() {
        return host;
    }

    /** The whole link with its secret: for the clipboard and the page that shows it, never for a log. */
    public String text() {
        return server + PATH + room + "#" + secret.with(RoomLink::encode) + "." + path.letter() + host;
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        secret.close();
    }

    /** The link without its secret. */
    @Override
    public String toString() {
        return server + PATH + room;
    }
}
