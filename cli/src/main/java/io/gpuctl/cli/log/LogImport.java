package io.gpuctl.cli.log;

import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.audit.log.MergedRecords;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.audit.log.PlacedRecord;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.Kafka;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Writes an exported log into topics, in the order of its timestamps. */
final class LogImport {

    private final EventLogReader log;
    /**
     * The topics to import, without an orchestrator's stored state: an orchestrator would take it for its own state,
     * and start in the middle.
     */
    private final List<TopicFiles> topics;

    private final KafkaConnection kafka;
    private final Pace pace;
    private final Progress progress;

    LogImport(EventLogReader log, KafkaConnection kafka, Pace pace, Progress progress) {
        this.log = log;
        topics = log.manifest().topics().stream()
                .filter(topic -> !topic.name().equals(OrchestratorApp.STATE_CHANGELOG))
                .toList();
        this.kafka = kafka;
        this.pace = pace;
        this.progress = progress;
    }

    /**
     * Returns the inputs whose offsets must be kept: facts name their causes by offset, and a cluster that goes on
     * needs the causes.
     */
    private Set<TopicPartition> inputsWithGaps() {
        Set<TopicPartition> withGaps = new HashSet<>();
        for (TopicFiles topic : topics) {
            if (InputPositions.INPUTS.contains(topic.name())) {
                topic.partitions().stream()
                        .filter(file -> !file.hasPlainOffsets())
                        .forEach(file -> withGaps.add(new TopicPartition(topic.name(), file.partition())));
            }
        }
        return withGaps;
    }

    /** Runs the import. Checks all topics first, and writes nothing unless all records can be written. */
    ImportResult run() throws InterruptedException {
        TargetTopics.requireKnown(topics);
        Kafka.prepare(kafka);
        List<String> unlimited;
        try (TargetTopics target = new TargetTopics(kafka, topics)) {
            target.requireUnused();
            unlimited = target.keepWhatIsOld(System.currentTimeMillis());
        }
        progress.expect(topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .mapToLong(PartitionFile::records)
                .sum());
        Set<TopicPartition> withGaps = inputsWithGaps();
        try (RecordSender sender = new RecordSender(kafka);
                OffsetKeeper keeper = withGaps.isEmpty() ? null : new OffsetKeeper(kafka, sender);
                MergedRecords records = log.inTimeOrder(topics)) {
            while (records.hasNext()) {
                PlacedRecord record = records.next();
                pace.await(record.raw().timestampMs(), progress);
                LogPlace place = record.place();
                if (keeper != null && withGaps.contains(new TopicPartition(place.topic(), place.partition()))) {
                    keeper.send(record);
                } else {
                    sender.send(record);
                }
                progress.advance();
            }
            if (keeper != null) {
                keeper.finish();
            }
            sender.flush();
            return new ImportResult(
                    sender.written(),
                    topics.size(),
                    sender.moved(),
                    sender.restamped(),
                    unlimited,
                    topics.size() < log.manifest().topics().size());
        } catch (RecordSender.RefusedException e) {
            throw new CommandFailedException(
                    "%s. The topics now contain a part of the log: delete them, or import into a new data directory."
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
