package sotto.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What {@code ./sotto demo --report FILE} writes. Every figure was measured in the run; what was not measured is null.
 *
 * @param version of this format: 1
 * @param ok true only if everything that the demo claims was seen to hold; also the exit code
 * @param path {@code direct}
 * @param keys {@code mls}
 * @param seconds length of the call, from the second person's arrival to the end
 * @param epochs key changes seen by the person who was there longest
 * @param rosterEqual over all who were in the call at its end
 * @param safetyNumberEqual over all who were in the call at its end
 * @param errors what went wrong, in words
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Report(
        int version,
        boolean ok,
        int people,
        String path,
        String keys,
        double seconds,
        List<Join> joins,
        List<Stream> streams,
        long epochs,
        boolean rosterEqual,
        boolean safetyNumberEqual,
        List<Outsider> outsiders,
        Server server,
        Journal journal,
        List<ProcessUsage> processes,
        List<String> errors) {

    /** @param joinMs click on Join to the first decrypted remote picture painted; null for who came first */
    record Join(String person, Double joinMs) {}

    /**
     * One track of one person as another one received it.
     *
     * @param framesDecoded null for audio
     * @param contentOk the sender's own bar code or tone was recognised
     * @param latencyMsP50 paint at the sender to paint at the receiver; null for audio
     * @param concealedSamples null for video
     * @param rebuilds how often the receiver made its connection to the sender anew; the frames counted are those since
     *     then. 0 in a call that goes well, and anew where one of the two was taken for gone and came back
     */
    record Stream(
            String from,
            String to,
            String track,
            long framesDecrypted,
            Long framesDecoded,
            long framesRejected,
            boolean contentOk,
            Double latencyMsP50,
            Long freezeCount,
            Long concealedSamples,
            Long rebuilds) {}

    /**
     * Somebody who must not be able to follow.
     *
     * @param kind {@code wire}: frames as they travel; {@code left}: a person after leaving, with every key that person
     *     ever had; {@code server}: all that the server handled
     * @param framesDecodedAsPicture frames that opened or gave a picture
     * @param contentFound a bar code, a tone or a decrypted frame was found
     * @param controlFrames the same attempt on frames that this party may read; it must succeed, or the attempt proves
     *     nothing
     */
    public record Outsider(
            String kind, long framesSeen, long framesDecodedAsPicture, boolean contentFound, Long controlFrames) {}

    /** @param plaintextFound names, SDP, candidates, key bytes found in what the server handled */
    record Server(long messages, long bytes, List<String> plaintextFound) {}

    /** Sums over all participants' key journals, after the call ended. */
    record Journal(long keysMade, long keysDestroyed, long keysLive) {}

    /** CPU time and peak memory of one process, or of the browser with all its children. */
    record ProcessUsage(String name, Double cpuSeconds, Double peakRssMiB) {}
}
