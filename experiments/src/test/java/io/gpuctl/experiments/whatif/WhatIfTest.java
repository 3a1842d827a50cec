package io.gpuctl.experiments.whatif;

import static io.gpuctl.experiments.whatif.VirtualRecording.CHANGELOG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.redo.LogReplay;
import io.gpuctl.audit.redo.PoolOutcome;
import io.gpuctl.audit.redo.ReplayReport;
import io.gpuctl.events.PoolId;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.spec.PolicyChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatIfTest {
    @TempDir
    Path parent;

    private Path log;

    @BeforeEach
    void record() {
        log = parent.resolve("log");
        VirtualRecording.write(log, "fifo");
    }

    private WhatIf.Answer ask(String policy, String out) throws IOException {
        return ask(policy, out, null);
    }

    private WhatIf.Answer ask(String policy, String out, @Nullable PoolId pool) throws IOException {
        var question = new WhatIf.Question(pool, new PolicyChoice(policy, new TreeMap<>()), 42, CHANGELOG, "test");
        return WhatIf.run(EventLogReader.open(log), question, parent.resolve(out));
    }

    /** A log of virtual time has exactly the inputs of the new run, so the result is the same. */
    @Test
    void underTheSamePolicyItIsTheSameRun() throws IOException {
        WhatIf.Answer answer = ask("fifo", "same");

        assertThat(answer.other().tasks()).isEqualTo(answer.recorded().tasks());
        assertThatMetricsAreTheSame(answer);
        assertThat(parent.resolve("same/log/cluster-events-3.jsonl.gz"))
                .hasSameBinaryContentAs(log.resolve("cluster-events-3.jsonl.gz"));
    }

    /** Allocation is the mean over the time until the last fact, not until a cancelled task would have ended. */
    @Test
    void aCancelledTaskMakesTheRunNoLonger() throws IOException {
        log = parent.resolve("cancelled");
        VirtualRecording.writeOfALongTaskThatIsCancelled(log);

        assertThatMetricsAreTheSame(ask("fifo", "same"));
    }

    private static void assertThatMetricsAreTheSame(WhatIf.Answer answer) {
        for (int index = 0; index < answer.recorded().metrics().size(); index++) {
            MetricValue recorded = answer.recorded().metrics().get(index);
            MetricValue other = answer.other().metrics().get(index);
            assertThat(other.metric()).isEqualTo(recorded.metric());
            assertThat(other.value()).as(other.metric().id()).isCloseTo(recorded.value(), within(1e-9));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fgd", "tiresias", "intelligent"})
    void everyTaskIsRunAgainAndTheNewLogCanBeReplayed(String policy) throws IOException {
        WhatIf.Answer answer = ask(policy, "out");

        assertThat(answer.other().tasks())
                .extracting(TaskOutcome::taskId)
                .containsExactlyInAnyOrderElementsOf(answer.recorded().tasks().stream()
                        .map(TaskOutcome::taskId)
                        .toList());
        assertThat(answer.other().tasks()).allMatch(task -> task.endSeconds() != null);
        assertThat(answer.other().tasks()).isNotEqualTo(answer.recorded().tasks());
        ReplayReport report = LogReplay.run(EventLogReader.openAsItIs(parent.resolve("out/log")), CHANGELOG, () -> {});
        assertThat(report.differences()).isEmpty();
        assertThat(report.pools().getFirst().stored()).isInstanceOf(PoolOutcome.Agrees.class);
        assertThat(report.isClean()).isTrue();
    }

    @Test
    void givesTheSameBytesEachTime() throws IOException {
        ask("tiresias+fgd", "one");
        ask("tiresias+fgd", "two");

        try (Stream<Path> files = Files.walk(parent.resolve("one"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSizeGreaterThan(20)
                    .allSatisfy(file -> assertThat(parent.resolve("two")
                                    .resolve(parent.resolve("one").relativize(file)))
                            .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void namesThePoolsThatThereAre() {
        assertThatThrownBy(() -> ask("fgd", "out", new PoolId("other")))
                .isInstanceOf(WhatIfException.class)
                .hasMessage("The log has no pool other; its pools: default");
    }
}
