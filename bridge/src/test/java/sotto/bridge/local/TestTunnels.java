package sotto.bridge.local;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Lets each name in once, answers each message with the same one, and remembers what it was told. */
final class TestTunnels implements TunnelListener {
    final Set<String> names = ConcurrentHashMap.newKeySet();
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @Override
    public Optional<Tunnel> redeem(String name) {
        return names.remove(name) ? Optional.of(new Echo()) : Optional.empty();
    }

    private final class Echo implements Tunnel {
        private TunnelLink page;

        @Override
        public void opened(TunnelLink link, String joinRequest) {
            page = link;
            heard.add("opened " + joinRequest);
        }

        @Override
        public void message(byte[] message) {
            String text = new String(message, StandardCharsets.US_ASCII);
            if (text.equals("close")) page.close();
            else page.send(message);
        }

        @Override
        public void closed() {
            heard.add("closed");
        }
    }
}
