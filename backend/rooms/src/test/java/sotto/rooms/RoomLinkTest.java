package sotto.rooms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.rooms.LinkException.Reason;
import sotto.rooms.group.Bytes;

class RoomLinkTest {
    private static final String ROOM = "AAAAAAAAAAAAAAAAAAAAAQ";
    private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE";
    private static final String REST = ".dAAAAAAAAAAAAAAAAAAAAAw";
    private static final Bytes MAKER = Bytes.of(new byte[33]);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://sotto.example",
                "https://sotto.example:8443",
                "http://127.0.0.1:8080",
                "http://localhost",
                "http://[::1]:9000"
            })
    void aLinkSurvivesBeingWrittenAndRead(String server) throws LinkException {
        String text = server + "/j/" + ROOM + "#" + SECRET + REST;
        try (RoomLink link = RoomLink.parse(" " + text + "\n")) {
            assertThat(link.server()).isEqualTo(URI.create(server));
            assertThat(link.room()).hasToString(ROOM);
            assertThat(link.text()).isEqualTo(text);
        }
    }

    @Test
    void aNewLinkIsRandomAndReadsBack() throws LinkException {
        URI server = URI.create("https://sotto.example");
        SecureRandom random = new SecureRandom();
        try (RoomLink one = RoomLink.create(server, random, RoomPath.HIDDEN, MAKER);
                RoomLink other = RoomLink.create(server, random, RoomPath.HIDDEN, MAKER);
                RoomLink read = RoomLink.parse(one.text())) {
            assertThat(read.room()).isEqualTo(one.room());
            assertThat(read.secret()).isEqualTo(one.secret());
            assertThat(read.path()).isEqualTo(RoomPath.HIDDEN);
            assertThat(read.host()).isEqualTo(one.host());
            assertThat(read.host().names(one.room(), MAKER)).isTrue();
            assertThat(read.host().names(other.room(), MAKER))
                    .as("a tag is of one room")
                    .isFalse();
            assertThat(other.room()).isNotEqualTo(one.room());
            assertThat(other.secret()).isNotEqualTo(one.secret());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                     | EMPTY",
                "sotto.example/j/R#S                                    | NOT_A_URL",
                "https://sotto.example/j/R#S and more                   | NOT_A_URL",
                "mailto:a@b                                             | NOT_A_URL",
                "ftp://sotto.example/j/R#S                              | SCHEME",
                "http://sotto.example/j/R#S                             | SCHEME",
                "http://127.0.0.1.evil.example/j/R#S                    | SCHEME",
                "https://user@sotto.example/j/R#S                       | EXTRA_PART",
                "https://sotto.example/j/R?x=1#S                        | EXTRA_PART",
                "https://sotto.example:/j/R#S                           | HOST",
                "https://sotto.example:70000/j/R#S                      | HOST",
                "https://so_tto/j/R#S                                   | HOST",
                "https://sotto.example/R#S                              | ROOM",
                "https://sotto.example/j/R/x#S                          | ROOM",
                "https://sotto.example/j/short#S                        | ROOM",
                "https://sotto.example/j/AAAAAAAAAAAAAAAAAAAAAR#S       | ROOM",
                "https://sotto.example/j/R                              | SECRET_MISSING",
                "https://sotto.example/j/R#                             | SECRET_MISSING",
                "https://sotto.example/j/R#short                        | SECRET",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAF.dAAAAAAAAAAAAAAAAAAAAAw | SECRET",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=E.dAAAAAAAAAAAAAAAAAAAAAw | SECRET",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE | HOST_TAG",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE.d | HOST_TAG",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE.xAAAAAAAAAAAAAAAAAAAAAw | HOST_TAG",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE.dAAAAAAAAAAAAAAAAAAAAAx | HOST_TAG",
                "https://sotto.example/j/R#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAdAAAAAAAAAAAAAAAAAAAAAw | SECRET"
            })
    void aBadLinkIsRefusedWithItsReason(String pattern, Reason reason) {
        String text = pattern.replace("R#", ROOM + "#")
                .replace("/j/R", "/j/" + ROOM)
                .replaceAll("#S($| )", "#" + SECRET + REST + "$1");
        LinkException refused = catchThrowableOfType(LinkException.class, () -> RoomLink.parse(text));
        assertThat(refused).as(text).isNotNull();
        assertThat(refused.reason()).as(text).isEqualTo(reason);
    }

    @Test
    void anOverlongLinkIsRefused() {
        assertThatThrownBy(() -> RoomLink.parse("https://" + "a".repeat(600)))
                .isInstanceOfSatisfying(
                        LinkException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_LONG));
    }

    @Test
    void theSecretShowsInNoMessageAndNoPrint() throws LinkException {
        String text = "https://sotto.example/j/" + ROOM + "#" + SECRET + REST;
        try (RoomLink link = RoomLink.parse(text)) {
            assertThat(link.toString()).doesNotContain(SECRET);
            assertThat(link.secret().toString()).doesNotContain(SECRET);
        }
        assertThatThrownBy(() -> RoomLink.parse(text + "!"))
                .isInstanceOf(LinkException.class)
                .message()
                .doesNotContain(SECRET);
    }

    @Test
    void aClosedSecretIsGone() throws LinkException {
        RoomLink link = RoomLink.parse("https://sotto.example/j/" + ROOM + "#" + SECRET + REST);
        byte[][] lent = new byte[1][];
        link.secret().with(bytes -> lent[0] = bytes);
        assertThat(lent[0]).as("the lent copy is wiped").containsOnly(0);
        link.close();
        assertThatThrownBy(link::text).isInstanceOf(IllegalStateException.class);
    }
}
