package sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static sotto.server.Connections.addressGroup;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    @Test
    void anIpv4AddressCountsAloneAndAnIpv6NetworkTogether() {
        assertThat(addressGroup(InetAddress.ofLiteral("192.0.2.1")))
                .isNotEqualTo(addressGroup(InetAddress.ofLiteral("192.0.2.2")));
        assertThat(addressGroup(InetAddress.ofLiteral("2001:db8:1:2:3::4")))
                .isEqualTo(addressGroup(InetAddress.ofLiteral("2001:db8:1:2::99")))
                .isNotEqualTo(addressGroup(InetAddress.ofLiteral("2001:db8:1:3::99")));
    }

    @Test
    void aBucketGivesItsBurstAndThenWhatFlowsIn() {
        TokenBucket bucket = new TokenBucket(2, 3, 0);
        for (int n = 0; n < 3; n++) assertThat(bucket.take(1, 0)).isTrue();
        assertThat(bucket.take(1, 0)).isFalse();
        assertThat(bucket.take(1, 499_000_000)).isFalse();
        assertThat(bucket.take(1, 500_000_000)).isTrue();
        // Never more than the burst, however long nobody took.
        assertThat(bucket.take(4, Long.MAX_VALUE)).isFalse();
        assertThat(bucket.take(3, Long.MAX_VALUE)).isTrue();
    }
}
