package sotto.demo.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import javax.net.ssl.SSLContext;
import sotto.demo.fault.Forward;

/** The proxy that adds TLS to a relay's signalling, as an operator's does. */
final class TlsFront implements AutoCloseable {
    private final ServerSocket door;
    private final Forward forward;

    /** @param behind port on 127.0.0.1 */
    TlsFront(SSLContext context, String address, int behind) throws IOException {
        door = context.getServerSocketFactory().createServerSocket();
        door.bind(new InetSocketAddress(address, 0));
        forward = new Forward(door, "127.0.0.1", behind);
    }

    URI url() {
        return URI.create("wss://" + door.getInetAddress().getHostAddress() + ":" + door.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        forward.close();
    }
}
