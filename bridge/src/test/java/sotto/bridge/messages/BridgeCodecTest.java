package sotto.bridge.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sotto.bridge.messages.BridgeException.Fault;

class BridgeCodecTest {
    private static final Map<Class<?>, BridgeCodec<?>> CODECS = Map.of(
            PageToBackend.class, BridgeCodec.PAGE_TO_BACKEND,
            BackendToPage.class, BridgeCodec.BACKEND_TO_PAGE,
            WorkerToBackend.class, BridgeCodec.WORKER_TO_BACKEND,
            BackendToWorker.class, BridgeCodec.BACKEND_TO_WORKER);

    static Stream<Class<?>> families() {
        return CODECS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyMessageSurvivesTheWayThereAndBack(Class<?> family) {
        for (Shape.Structure message : Shape.messagesOf(family).values()) roundTrip(family, message);
    }

    private <M> void roundTrip(Class<M> family, Shape.Structure message) {
        @SuppressWarnings("unchecked")
        BridgeCodec<M> codec = (BridgeCodec<M>) CODECS.get(family);
        M sample = family.cast(Samples.of(message.type()));
        assertThat(codec.decode(codec.encode(sample))).isEqualTo(sample);
    }

    @Test
    void theTextIsWhatTheContractSays() {
        MediaState media = new MediaState(true, false, false, true);
        assertThat(BridgeCodec.PAGE_TO_BACKEND.encode(new PageToBackend.SetMediaState(media)))
                .isEqualTo("{\"type\":\"setMediaState\",\"state\":{\"microphone\":true,\"camera\":false,"
                        + "\"screen\":false,\"screenAudio\":true}}");
        assertThat(BridgeCodec.BACKEND_TO_PAGE.encode(
                        new BackendToPage.CallProgress(BackendToPage.Stage.ASKING_TO_JOIN)))
                .isEqualTo("{\"type\":\"callProgress\",\"stage\":\"asking-to-join\"}");
        assertThat(BridgeCodec.BACKEND_TO_PAGE.encode(new BackendToPage.CallEnded(null)))
                .isEqualTo("{\"type\":\"callEnded\",\"problem\":null}");
        assertThat(BridgeCodec.PAGE_TO_BACKEND.decode(" {\"type\" : \"getWorkerTicket\"} \n"))
                .isEqualTo(new PageToBackend.GetWorkerTicket());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOT_JSON          | ",
                "NOT_JSON          | {",
                "NOT_JSON          | {'type':'leave'}",
                "NOT_JSON          | {\"type\":\"leave\"}{}",
                "NOT_JSON          | {\"type\":\"leave\"} x",
                "NOT_JSON          | {\"type\":\"leave\",\"type\":\"leave\"}",
                "NOT_JSON          | {\"type\":\"hello\",\"version\":1,\"version\":1}",
                "NOT_JSON          | {\"type\":\"hello\",\"version\":01}",
                "NOT_JSON          | {\"type\":\"hello\",\"version\":NaN}",
                "NOT_JSON          | {\"type\":\"hello\",\"version\":1,}",
                "NOT_JSON          | {\"type\":\"leave\"}//",
                "NOT_JSON          | [[[[[[[[[[[[1]]]]]]]]]]]]",
                "NOT_A_MESSAGE     | null",
                "NOT_A_MESSAGE     | []",
                "NOT_A_MESSAGE     | \"leave\"",
                "NOT_A_MESSAGE     | {}",
                "NOT_A_MESSAGE     | {\"type\":1}",
                "NOT_A_MESSAGE     | {\"type\":null}",
                "UNKNOWN_TYPE      | {\"type\":\"Leave\"}",
                "UNKNOWN_TYPE      | {\"type\":\"welcome\"}",
                "UNKNOWN_TYPE      | {\"type\":\"sotto.bridge.messages.PageToBackend$Leave\"}",
                "UNKNOWN_FIELD     | {\"type\":\"leave\",\"more\":1}",
                "UNKNOWN_FIELD     | {\"type\":\"leave\",\"__proto__\":{}}",
                "UNKNOWN_FIELD     | {\"type\":\"setMediaState\",\"state\":{\"microphone\":true,\"camera\":true,"
                        + "\"screen\":true,\"screenAudio\":true,\"more\":true}}",
                "MISSING_FIELD     | {\"type\":\"hello\"}",
                "MISSING_FIELD     | {\"type\":\"hello\",\"Version\":1}",
                "WRONG_TYPE        | {\"type\":\"hello\",\"version\":null}",
                "WRONG_TYPE        | {\"type\":\"hello\",\"version\":\"1\"}",
                "WRONG_TYPE        | {\"type\":\"hello\",\"version\":1.0}",
                "WRONG_TYPE        | {\"type\":\"hello\",\"version\":true}",
                "WRONG_TYPE        | {\"type\":\"checkLink\",\"link\":5}",
                "WRONG_TYPE        | {\"type\":\"checkLink\",\"link\":null}",
                "WRONG_TYPE        | {\"type\":\"setMediaState\",\"state\":[]}",
                "WRONG_TYPE        | {\"type\":\"answerPage\",\"request\":\"AAECAwQFBgcICQoLDA0ODw\",\"allow\":\"true\"}",
                "WRONG_TYPE        | {\"type\":\"answerPage\",\"request\":\"AAECAwQFBgcICQoLDA0ODw\",\"allow\":1}",
                "REFUSED_VALUE     | {\"type\":\"hello\",\"version\":2147483648}",
                "REFUSED_VALUE     | {\"type\":\"getJournal\",\"after\":-1}",
                "REFUSED_VALUE     | {\"type\":\"getJournal\",\"after\":9007199254740992}",
                "REFUSED_VALUE     | {\"type\":\"getJournal\",\"after\":9223372036854775808}",
                "REFUSED_VALUE     | {\"type\":\"checkLink\",\"link\":\"\\uD800\"}",
                "REFUSED_VALUE     | {\"type\":\"answerPage\",\"request\":\"short\",\"allow\":true}",
                "REFUSED_VALUE     | {\"type\":\"join\",\"link\":\"x\",\"name\":\"a\\u202eb\"}",
            })
    void whatIsNotExactlyAMessageIsRefusedForWhatIsWrong(Fault fault, String text) {
        String given = text == null ? "" : text;
        assertThatThrownBy(() -> BridgeCodec.PAGE_TO_BACKEND.decode(given))
                .isInstanceOfSatisfying(
                        BridgeException.class,
                        e -> assertThat(e.fault()).as(e.getMessage()).isEqualTo(fault));
    }

    @Test
    void anUnknownEnumValueIsRefused() {
        for (String stage : List.of("CONNECTING", "asking_to_join", "0", ""))
            assertThatThrownBy(() -> BridgeCodec.BACKEND_TO_PAGE.decode(
                            "{\"type\":\"callProgress\",\"stage\":\"" + stage + "\"}"))
                    .isInstanceOf(BridgeException.class)
                    .hasMessage("callProgress.stage is none of the known values");
    }

    @Test
    void theSizeIsCountedInUtf8BytesBothWays() {
        String head = "{\"type\":\"checkLink\",\"link\":\"";
        String euros = head + "€".repeat(Limits.MESSAGE_BYTES / 3 + 1) + "\"}";
        for (String large : List.of(euros, " ".repeat(Limits.MESSAGE_BYTES) + "{\"type\":\"leave\"}"))
            assertThatThrownBy(() -> BridgeCodec.PAGE_TO_BACKEND.decode(large))
                    .isInstanceOfSatisfying(
                            BridgeException.class, e -> assertThat(e.fault()).isEqualTo(Fault.TOO_LARGE));
        BackendToPage.Notice notice = new BackendToPage.Notice("€".repeat(Limits.MESSAGE_BYTES / 3 + 1));
        assertThatThrownBy(() -> BridgeCodec.BACKEND_TO_PAGE.encode(notice))
                .isInstanceOfSatisfying(
                        BridgeException.class, e -> assertThat(e.fault()).isEqualTo(Fault.TOO_LARGE));
    }

    @Test
    void anIncompleteMessageIsNotSent() {
        assertThatThrownBy(() -> BridgeCodec.BACKEND_TO_PAGE.encode(new BackendToPage.Notice(null)))
                .isInstanceOf(BridgeException.class)
                .hasMessage("notice.text is null");
    }

    @Test
    void aRefusalQuotesNothingOfTheMessage() {
        String secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";
        for (String text : List.of(
                "{\"type\":\"checkLink\",\"link\":" + secret + "}",
                "{\"type\":\"checkLink\",\"link\":\"" + secret.repeat(30) + "\"}",
                "{\"type\":\"" + secret + "\"}",
                "{\"type\":\"leave\",\"" + secret + "\":1}",
                "{\"type\":\"join\",\"link\":\"x\",\"name\":\"" + secret.repeat(3) + "\"}"))
            assertThatThrownBy(() -> BridgeCodec.PAGE_TO_BACKEND.decode(text))
                    .isInstanceOf(BridgeException.class)
                    .hasNoCause()
                    .hasMessageNotContaining(secret.substring(0, 8));
    }

    @Test
    void whatLetsSomebodyInIsNotPrinted() {
        String secret = "S".repeat(43);
        String link = "https://sotto.example/j/AAAAAAAAAAAAAAAAAAAAAA#" + secret;
        for (Record message : List.<Record>of(
                new PageToBackend.CheckLink(link),
                new PageToBackend.Join(link, "ada"),
                new BackendToPage.Welcome(1, "1", false, "https://sotto.example", "1", Preferences.NONE, link),
                new BackendToPage.WorkerTicket(secret),
                new BackendToPage.RoomCreated(link),
                new BackendToPage.LinkChecked(link, null),
                new BackendToPage.CallState(
                        "AAAAAAAAAAAAAAAAAAAAAA",
                        link,
                        BackendToPage.Path.DIRECT,
                        0,
                        true,
                        true,
                        1,
                        null,
                        BackendToPage.ServerState.CONNECTED,
                        List.of(new BackendToPage.IceServer("turn:sotto.example", "ada", secret)),
                        List.of(),
                        new BackendToPage.Rules(false, true, true, true),
                        List.of(),
                        List.of()),
                new BackendToPage.RelayTunnel("node", secret),
                new BackendToPage.PageToken(secret)))
            assertThat(message.toString()).doesNotContain(secret);
    }
}
