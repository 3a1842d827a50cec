package io.gpuctl.experiments.whatif;

import static io.gpuctl.experiments.whatif.VirtualRecording.CHANGELOG;
import static io.gpuctl.experiments.whatif.VirtualRecording.PARTITION;
import static io.gpuctl.experiments.whatif.VirtualRecording.edit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.EventLogWriter;
import io.gpuctl.audit.log.LogManifest;
import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.audit.log.PartitionFileWriter;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.audit.redo.LogReplay;
import io.gpuctl.audit.redo.PoolOutcome;
import io.gpuctl.audit.redo.ReplayReport;
import io.gpuctl.events.NewerLogError;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the replay of the audit module. It is in this module because its logs come from runs in virtual time, on which
 * the audit module does not depend.
 */
class LogReplayTest {
    private static final String FACTS = "cluster-events";

    @TempDir
    Path parent;

    private Path log;

    @BeforeEach
    void record() {
        log = parent.resolve("log");
        VirtualRecording.write(log, "fifo");
    }

    private ReplayReport replay() {
        return LogReplay.run(EventLogReader.openAsItIs(log), CHANGELOG, () -> {});
    }

    private static LogPlace place(ReplayReport report) {
        return Objects.requireNonNull(report.differences().getFirst().place());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "arrival+fgd", "srtf", "tiresias+best-fit", "arrival+random", "intelligent"})
    void decidesTheSameOnceMore(String policy) {
        log = parent.resolve("of-policy");
        VirtualRecording.write(log, policy);

        ReplayReport report = replay();

        assertThat(report.differences()).isEmpty();
        assertThat(report.isClean()).isTrue();
        PoolOutcome pool = report.pools().getFirst();
        assertThat(pool.facts()).isGreaterThan(500);
        assertThat(pool.redone()).isGreaterThan(200);
        assertThat(pool.inputsGone() + pool.outOfStep()).isZero();
        assertThat(pool.stored()).isInstanceOf(PoolOutcome.Agrees.class);
    }

    @Test
    void stopsBeforeWhatANewerProgramWrote() {
        int line = lineOf(FACTS, "\"type\":\"orchestrator_started\"", 1);
        edit(
                log,
                FACTS,
                lines -> lines.set(
                        line, lines.get(line).replace("\"instance_id\"", "\"reader_version\":1000,\"instance_id\"")));

        assertThatThrownBy(this::replay).isInstanceOf(NewerLogError.class);
        assertThatThrownBy(() -> EventLogReader.openAsItIs(log).facts(PARTITION).toList())
                .isInstanceOf(NewerLogError.class);
    }

    @Test
    void refusesALogWithoutFacts() {
        log = parent.resolve("without-facts");
        try (EventLogWriter writer = EventLogWriter.create(log);
                PartitionFileWriter commands = writer.partition("task-commands", 0)) {
            writer.finish(LogManifest.of(
                    "test",
                    "2026-01-01T00:00:00Z",
                    null,
                    0L,
                    List.of(new TopicFiles("task-commands", List.of(commands.finish())))));
        }

        assertThatThrownBy(this::replay)
                .isInstanceOf(EventLogException.class)
                .hasMessageEndingWith("without-facts: holds no topic cluster-events, but task-commands");
    }

    @Test
    void namesAFactThatWasChanged() {
        int line = lineOf(FACTS, "\"type\":\"task_placed\"", 20);
        edit(log, FACTS, lines -> lines.set(line, lines.get(line).replaceFirst("\"gpus\":\\[\\d+", "\"gpus\":[9")));

        ReplayReport report = replay();

        assertThat(place(report).line()).isEqualTo(line + 1);
        assertThat(place(report).file()).isEqualTo(log.resolve("cluster-events-%d.jsonl.gz".formatted(PARTITION)));
        assertThat(report.differences().getFirst().problem()).isEqualTo("the replay decided another fact");
        assertThat(report.differences().getFirst().recorded()).contains("\"gpus\":[9");
        assertThat(report.differences().getFirst().expected())
                .contains("task_placed")
                .doesNotContain("\"gpus\":[9");
        assertThat(report.changedFiles()).hasSize(1);
        assertThat(report.changedFiles().getFirst()).contains("cluster-events-3.jsonl.gz, line " + (line + 1) + ":");
    }

    @Test
    void namesThePlaceOfAFactThatIsMissing() {
        edit(log, FACTS, lines -> lines.remove(100));

        ReplayReport report = replay();

        assertThat(place(report).line()).isEqualTo(101);
        assertThat(report.differences().getFirst().problem())
                .contains("expected fact 101 of pool default here, but found fact 102");
        assertThat(report.changedFiles().getFirst()).contains("line 101:");
    }

    /** Any client with write access can write garbage to the topic. All readers skip garbage, and so does a replay. */
    @Test
    void passesOverWhatIsNoFact() {
        edit(log, FACTS, lines -> lines.add(noFactBehind(lines.getLast())));

        ReplayReport report = replay();

        assertThat(report.unreadable()).isEqualTo(1);
        assertThat(report.differences()).isEmpty();
    }

    @Test
    void namesTheFirstOfFactsThatAreOutOfOrder() {
        edit(log, FACTS, lines -> Collections.swap(lines, 100, 101));

        ReplayReport report = replay();

        assertThat(place(report).line()).isEqualTo(101);
        assertThat(report.differences().getFirst().problem()).contains("out of order");
    }

    @Test
    void namesALogThatEndsTooEarly() {
        edit(log, FACTS, List::removeLast);

        ReplayReport report = replay();

        assertThat(report.differences()).hasSize(1);
        assertThat(report.differences().getFirst().summary())
                .contains("the log ends too early: the replay decided fact ");
        assertThat(report.differences().getFirst().expected()).isNotNull();
        assertThat(report.changedFiles().getFirst()).contains("records, but the manifest says");
    }

    @Test
    void seesWhatComesOfAnInputThatWasChanged() {
        int line = lineOf("task-commands", "\"count\":4", 2);
        edit(log, "task-commands", lines -> lines.set(line, lines.get(line).replace("\"count\":4", "\"count\":3")));

        ReplayReport report = replay();

        assertThat(report.changedFiles().getFirst()).contains("task-commands-3.jsonl.gz, line " + (line + 1) + ":");
        assertThat(report.differences().getFirst().problem()).isEqualTo("the replay decided another fact");
        assertThat(report.differences().getFirst().expected()).contains("\"count\":3");
    }

    @Test
    void namesThePlaceOfAnInputThatIsMissing() {
        edit(log, "task-reports", lines -> lines.remove(30));

        ReplayReport report = replay();

        assertThat(place(report).topic()).isEqualTo("task-reports");
        assertThat(place(report).line()).isEqualTo(31);
        assertThat(report.differences().getFirst().problem()).contains("expected offset 30 here");
    }

    @Test
    void namesInputsThatAreOutOfOrder() {
        edit(log, "task-reports", lines -> Collections.swap(lines, 30, 31));

        ReplayReport report = replay();

        assertThat(place(report).topic()).isEqualTo("task-reports");
        assertThat(report.changedFiles().getFirst()).contains("task-reports-3.jsonl.gz, line 31:");
    }

    /** Older inputs may be missing from a log, because input topics are kept only for days. */
    @Test
    void foldsWhatItCannotDecideAndSaysSo() {
        edit(log, "task-commands", lines -> lines.subList(0, 60).clear());
        edit(log, "task-reports", lines -> lines.subList(0, 100).clear());

        ReplayReport report = replay();

        PoolOutcome pool = report.pools().getFirst();
        assertThat(report.differences()).isEmpty();
        assertThat(pool.inputsGone()).isGreaterThan(60);
        assertThat(pool.redone()).isGreaterThan(100);
        assertThat(pool.stored()).isInstanceOf(PoolOutcome.Agrees.class);
    }

    @Test
    void seesThatWhatIsStoredIsAnother() {
        int line = lineOf(CHANGELOG, "node-1", 1);
        edit(
                log,
                CHANGELOG,
                lines -> lines.set(line, lines.get(line).replace("\"state\":\"up\"", "\"state\":\"lost\"")));

        ReplayReport report = replay();

        assertThat(place(report).topic()).isEqualTo(CHANGELOG);
        assertThat(place(report).line()).isEqualTo(line + 1);
        assertThat(report.pools().getFirst().stored()).isInstanceOf(PoolOutcome.Differs.class);
    }

    private static String noFactBehind(String line) {
        try {
            ObjectNode record = (ObjectNode) new ObjectMapper().readTree(line);
            record.put("offset", record.get("offset").asLong() + 1);
            record.putObject("value").put("is", "no fact");
            return record.toString();
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    /** Returns the index of the n-th line that contains the text. */
    private int lineOf(String topic, String text, int n) {
        List<String> lines = VirtualRecording.lines(log, topic);
        int left = n;
        for (int index = 0; index < lines.size(); index++) {
            if (lines.get(index).contains(text) && --left == 0) {
                return index;
            }
        }
        throw new AssertionError("Only %d lines of %s hold %s".formatted(n - left, topic, text));
    }
}
