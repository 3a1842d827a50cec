package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.Kafka;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.experiments.eventlog.EventLogReader;
import io.gpuctl.experiments.eventlog.MergedRecords;
import io.gpuctl.experiments.eventlog.PartitionFile;
import io.gpuctl.experiments.eventlog.PlacedRecord;
import io.gpuctl.experiments.eventlog.TopicFiles;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.util.List;

/** Writes a log into topics, in the order of its timestamps. */
final class LogImport {

    private final EventLogReader log;
    /** Without what an orchestrator has stored: it would take that for its own, and begin in the middle. */
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

    /** Nothing is written unless all of it can be: the topics are looked at first. */
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
        try (RecordSender sender = new RecordSender(kafka);
                MergedRecords records = log.inTimeOrder(topics)) {
            while (records.hasNext()) {
                PlacedRecord record = records.next();
                pace.await(record.raw().timestampMs(), progress);
                sender.send(record);
                progress.advance();
            }
            sender.finish();
            return new ImportResult(
                    sender.written(),
                    topics.size(),
                    sender.moved(),
                    sender.restamped(),
                    unlimited,
                    topics.size() < log.manifest().topics().size());
        } catch (RecordSender.RefusedException e) {
            throw new CommandFailedException(
                    "%s. The topics hold a part of the log now: begin again with a new data directory, or delete them."
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
