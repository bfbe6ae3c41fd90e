package sotto.app.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BridgeCodec;
import sotto.bridge.messages.MediaState;
import sotto.keys.groups.LeafDraft;
import sotto.keys.groups.mls.MlsGroupEngine;
import sotto.keys.identity.Identity;
import sotto.keys.identity.ParticipantId;
import sotto.keys.journal.KeyJournal;
import sotto.rooms.machine.Alarm;
import sotto.rooms.machine.End;

/**
 * Whatever another person may choose and the checks of keys and rooms let through, the page can be told. Otherwise one
 * person with the link could end everybody's call by the choice of a name.
 */
class WhatOthersChooseTest {
    private static final String FAMILY = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
    private static final String LONGEST =
            "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"
                    + "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn";

    @ParameterizedTest
    @ValueSource(strings = {"a", FAMILY, LONGEST, "a name of more than the forty-eight characters of one's own"})
    void everyNameThatALeafMayBearCanBeShown(String name) throws Exception {
        KeyJournal journal = new KeyJournal(Clock.systemUTC(), 100);
        byte[] room = new byte[16];
        try (Identity identity = Identity.generate(journal)) {
            MlsGroupEngine engine = new MlsGroupEngine(Clock.systemUTC(), journal);
            try (LeafDraft leaf = engine.draft(identity, room, ParticipantId.random(new SecureRandom()), name)) {
                var info = engine.inspect(leaf.keyPackage(), room);
                var shown = new BackendToPage.Participant(
                        sotto.rooms.group.ParticipantId.of(info.participant().bytes())
                                .toString(),
                        info.name(),
                        info.identity().fingerprint(),
                        false,
                        true,
                        false,
                        new MediaState(false, false, false, false));
                assertThat(shown.name()).isEqualTo(name);
            }
        }
    }

    @Test
    void aDetailOfAnyLengthMakesATextThatThePageTakes() {
        String detail = "x".repeat(100_000);
        for (Alarm alarm : Alarm.values())
            assertThat(BridgeCodec.BACKEND_TO_PAGE.encode(new BackendToPage.Alarm(Problems.alarm(alarm, detail))))
                    .contains(alarm.code());
        for (End end : End.values())
            Problems.ended(end, detail, "https://sotto.example")
                    .ifPresent(problem -> assertThat(problem.code()).isEqualTo(end.code()));
    }
}
