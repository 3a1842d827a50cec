package io.gpuctl.audit.redo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.events.Fact;
import io.gpuctl.events.kafka.EventJson;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares decided facts with recorded facts, byte for byte. */
final class FactComparison {
    private static final ObjectWriter JSON = EventJson.mapper().writerFor(Fact.class);

    private FactComparison() {}

    /**
     * Compares the decided facts with the recorded ones. Returns the number of decided facts, which are all the same as
     * recorded.
     *
     * @param behind the fact after the recorded ones; null if there is none
     * @throws DifferenceException at the first fact that differs
     */
    static int compare(List<Fact> decided, List<RecordedFact> recorded, @Nullable RecordedFact behind)
            throws DifferenceException {
        for (int index = 0; index < decided.size(); index++) {
            byte[] expected = bytes(decided.get(index));
            if (index == recorded.size()) {
                throw new DifferenceException(missing(decided.get(index), expected, behind));
            }
            RecordedFact found = recorded.get(index);
            if (!Arrays.equals(expected, found.raw().value())) {
                throw new DifferenceException(
                        new Difference(found.place(), "the replay decided another fact", text(expected), found.text()));
            }
            requireKey(found);
        }
        return decided.size();
    }

    private static Difference missing(Fact decided, byte[] expected, @Nullable RecordedFact behind) {
        if (behind == null) {
            return new Difference(
                    null,
                    "the log ends too early: the replay decided fact %d of pool %s, which the log lacks"
                            .formatted(decided.sequence(), decided.pool()),
                    text(expected),
                    null);
        }
        Fact found = behind.fact();
        boolean isGap = found.pool().equals(decided.pool()) && found.sequence() > decided.sequence();
        String problem = isGap
                ? "expected fact %d of pool %s here, but found fact %d: a record is missing, or the records are out of order"
                        .formatted(decided.sequence(), decided.pool(), found.sequence())
                : "the replay decided one more fact before this one";
        return new Difference(behind.place(), problem, text(expected), behind.text());
    }

    private static void requireKey(RecordedFact found) throws DifferenceException {
        String subject = found.fact().event().subject();
        byte[] key = found.raw().key();
        if (key == null || !subject.equals(text(key))) {
            throw new DifferenceException(new Difference(
                    found.place(), "its key is not the subject of the fact", subject, key == null ? null : text(key)));
        }
    }

    private static byte[] bytes(Fact fact) {
        try {
            return JSON.writeValueAsBytes(fact);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
