package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent.OrchestratorStarted;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.ReaderVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderVersionJsonTest {
    private static final ReaderVersion NEXT =
            new ReaderVersion(ReaderVersion.ofThisProgram().number() + 1);

    @Test
    void aLogThatNeedsANewerProgramStopsItsReader() {
        byte[] start = write(started(NEXT));

        assertThatThrownBy(() -> read(start))
                .isInstanceOf(NewerLogError.class)
                .hasMessage("The log needs reader version %s from here on, but this gpuctl has reader version %s."
                                .formatted(NEXT, ReaderVersion.ofThisProgram())
                        + " Update gpuctl: nothing was lost, and a newer gpuctl continues from here");
    }

    /** Code that reads facts without the topic's deserializer catches the exceptions of Jackson. */
    @Test
    void jacksonDoesNotWrapTheError() {
        byte[] start = write(started(NEXT));

        assertThatThrownBy(() -> EventJson.mapper().readValue(start, Fact.class))
                .isExactlyInstanceOf(NewerLogError.class);
        assertThatThrownBy(() -> EventJson.mapper().readerFor(Fact.class).readValue(start))
                .isExactlyInstanceOf(NewerLogError.class);
        assertThatThrownBy(
                        () -> EventJson.mapper().treeToValue(EventJson.mapper().readTree(start), Fact.class))
                .isExactlyInstanceOf(NewerLogError.class);
    }

    @Test
    void isFoundUnderWhateverWrapsIt() {
        var error = new NewerLogError(NEXT);

        assertThat(NewerLogError.in(new IllegalStateException(new IOException(error))))
                .containsSame(error);
        assertThat(NewerLogError.in(new IllegalStateException("another"))).isEmpty();
    }

    @Test
    void theFirstVersionIsNotWritten() {
        assertThat(new String(write(started(ReaderVersion.FIRST)), StandardCharsets.UTF_8))
                .doesNotContain("reader_version");
        assertThat(new String(write(started(NEXT)), StandardCharsets.UTF_8))
                .contains("\"reader_version\":" + NEXT.number());
    }

    @Test
    void aLogThatNamesNoVersionIsOfTheFirst() {
        assertThat(read(write(started(ReaderVersion.FIRST))).event())
                .isEqualTo(new OrchestratorStarted(PoolId.DEFAULT, "one", ReaderVersion.FIRST));
    }

    @Test
    void thisProgramReadsWhatItWrites() {
        Fact own = fact(new OrchestratorStarted(PoolId.DEFAULT, "one"));

        assertThat(read(write(own))).isEqualTo(own);
    }

    /**
     * Any client that may write to the topic can write such a record; it is not a fact and goes to the dead letters.
     */
    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "\"2\"", "1.5", "{}", "99999999999"})
    void whatIsNoVersionIsNoFact(String version) {
        String start = new String(write(started(NEXT)), StandardCharsets.UTF_8);
        String forged = start.replace("\"reader_version\":" + NEXT, "\"reader_version\":" + version);

        assertThatThrownBy(() -> read(forged.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationException.class);
    }

    private static Fact started(ReaderVersion version) {
        return fact(new OrchestratorStarted(PoolId.DEFAULT, "one", version));
    }

    private static Fact fact(OrchestratorStarted event) {
        return new Fact(PoolId.DEFAULT, 1, 0, Cause.TIMER, event);
    }

    private static byte[] write(Fact fact) {
        return Topics.CLUSTER_EVENTS.serializer().serialize("", fact);
    }

    private static Fact read(byte[] fact) {
        return Topics.CLUSTER_EVENTS.deserializer().deserialize("", fact);
    }
}
