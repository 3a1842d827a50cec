package io.gpuctl.cli.log;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.cluster.Kafka;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.experiments.eventlog.EventLogReader;
import io.gpuctl.experiments.eventlog.MergedRecords;
import io.gpuctl.experiments.eventlog.PlacedRecord;
import java.util.List;

/** Writes a log into topics, in the order of its timestamps. */
final class LogImport {

    private final EventLogReader log;
    private final String bootstrapServers;
    private final Pace pace;
    private final Progress progress;

    LogImport(EventLogReader log, String bootstrapServers, Pace pace, Progress progress) {
        this.log = log;
        this.bootstrapServers = bootstrapServers;
        this.pace = pace;
        this.progress = progress;
    }

    /** Nothing is written unless all of it can be: the topics are looked at first. */
    ImportResult run() throws InterruptedException {
        TargetTopics.requireKnown(log.manifest());
        Kafka.prepare(bootstrapServers);
        List<String> unlimited;
        try (TargetTopics topics = new TargetTopics(bootstrapServers, log.manifest())) {
            topics.requireUnused();
            unlimited = topics.keepWhatIsOld(System.currentTimeMillis());
        }
        progress.expect(log.manifest().recordCount());
        try (RecordSender sender = new RecordSender(bootstrapServers);
                MergedRecords records = log.inTimeOrder(log.manifest().topics())) {
            while (records.hasNext()) {
                PlacedRecord record = records.next();
                pace.await(record.raw().timestampMs(), progress);
                sender.send(record);
                progress.advance();
            }
            sender.finish();
            return new ImportResult(
                    sender.written(), log.manifest().topics().size(), sender.moved(), sender.restamped(), unlimited);
        } catch (RecordSender.RefusedException e) {
            throw new CommandFailedException(
                    "%s. The topics hold a part of the log now: begin again with a new data directory, or delete them."
                            .formatted(e.getMessage()),
                    e);
        }
    }
}
