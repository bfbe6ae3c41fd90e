package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The window's Chromium looks up no name: STUN and TURN servers reach it by their addresses. */
class NameLookupTest {
    private final NameLookup lookup = new NameLookup(host -> {
        if (!host.equals("turn.example")) throw new UnknownHostException(host);
        return new InetAddress[] {
            InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"), InetAddress.ofLiteral("192.0.2.2")
        };
    });

    @ParameterizedTest
    @CsvSource({
        "turn:turn.example, turn:192.0.2.1, 'turn:[2001:db8:0:0:0:0:0:1]'",
        "stun:turn.example:3478, stun:192.0.2.1:3478, 'stun:[2001:db8:0:0:0:0:0:1]:3478'",
        "turn:turn.example:3478?transport=tcp, turn:192.0.2.1:3478?transport=tcp,"
                + " 'turn:[2001:db8:0:0:0:0:0:1]:3478?transport=tcp'",
    })
    void aNameBecomesItsFirstTwoAddresses(String url, String first, String second) {
        assertThat(NameLookup.isAddress(url)).isFalse();
        assertThat(lookup.byAddress(url)).containsExactly(first, second);
    }

    @ParameterizedTest
    @CsvSource({
        "turn:192.0.2.9:3478",
        "'turn:[2001:db8::9]:3478?transport=udp'",
        "turns:turn.example:5349",
        "stuns:turn.example",
        "turn:?",
    })
    void whatHasAnAddressOrACertificateForItsNameStaysAsItIs(String url) {
        assertThat(NameLookup.isAddress(url)).isTrue();
        assertThat(lookup.byAddress(url)).containsExactly(url);
    }

    @Test
    void aNameThatLeadsNowhereIsLeftOut() {
        assertThat(lookup.byAddress("turn:nowhere.example:3478")).isEqualTo(List.of());
    }
}
