package io.gpuctl.experiments.whatif;

import static io.gpuctl.experiments.whatif.VirtualRecording.CHANGELOG;
import static io.gpuctl.experiments.whatif.VirtualRecording.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.PartitionRecords;
import io.gpuctl.audit.rules.Counts;
import io.gpuctl.audit.rules.Entry;
import io.gpuctl.audit.rules.Log;
import io.gpuctl.audit.rules.PartitionCheck;
import io.gpuctl.audit.rules.PartitionLogs;
import io.gpuctl.audit.rules.Place;
import io.gpuctl.audit.rules.Stored;
import io.gpuctl.audit.rules.Violations;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of a run in virtual time obeys the rules by which {@code gpuctl verify} checks a live cluster. */
class VirtualLogTest {
    @TempDir
    private Path parent;

    private final Counts counts = new Counts();
    private final Violations violations = new Violations(10);

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "srtf"})
    void violatesNoRule(String policy) {
        Path directory = parent.resolve("log");
        VirtualRecording.write(directory, policy);
        var log = EventLogReader.open(directory);

        new PartitionCheck(logs(log), storedState(log), null, counts, violations).run();

        assertThat(violations.kept()).isEmpty();
        assertThat(counts.nodeCommandsMatched())
                .as("starts, and stops of tasks that were cancelled or preempted or whose node was lost")
                .isGreaterThan(counts.attempts())
                .isEqualTo(
                        log.partitions(Topics.PLACEMENTS.name()).get(PARTITION).records());
        assertThat(counts.submissionsDecided()).isEqualTo(VirtualRecording.TASKS);
    }

    private static PartitionLogs logs(EventLogReader log) {
        return new PartitionLogs(
                PARTITION,
                entries(log, Topics.CLUSTER_EVENTS),
                entries(log, Topics.TASK_COMMANDS),
                entries(log, Topics.PLACEMENTS),
                entries(log, Topics.TASK_REPORTS),
                entries(log, Topics.NODE_EVENTS),
                entries(log, Topics.NODE_CONDITIONS),
                Long.MAX_VALUE,
                Long.MAX_VALUE);
    }

    private static <V> Log<V> entries(EventLogReader log, Topic<V> topic) {
        try (var records = log.records(topic.name(), PARTITION, topic.valueType())) {
            var entries = records.map(
                            record -> Entry.of(new Place(topic.name(), PARTITION, record.offset()), record.value()))
                    .toList();
            return new Log<>(topic.name(), PARTITION, 0, entries.iterator());
        }
    }

    private static SortedMap<String, Stored> storedState(EventLogReader log) {
        SortedMap<String, Stored> state = new TreeMap<>();
        try (PartitionRecords records = log.raw(CHANGELOG, PARTITION)) {
            records.forEachRemaining(record -> state.put(
                    new String(record.raw().key(), StandardCharsets.UTF_8),
                    new Stored(
                            new Place(CHANGELOG, PARTITION, record.place().offset()),
                            record.raw().value())));
        }
        return state;
    }
}
