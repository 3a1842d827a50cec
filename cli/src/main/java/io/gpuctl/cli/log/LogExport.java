package io.gpuctl.cli.log;

import io.gpuctl.audit.log.EventLogWriter;
import io.gpuctl.audit.log.LogManifest;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.audit.log.PartitionFileWriter;
import io.gpuctl.audit.log.RawHeader;
import io.gpuctl.audit.log.RawRecord;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.cli.kafka.PartitionReader;
import io.gpuctl.cli.kafka.Progress;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Exports topics up to their current ends into files. */
final class LogExport implements AutoCloseable {

    private final EventLogWriter files;

    private LogExport(EventLogWriter files) {
        this.files = files;
    }

    /**
     * The selection of records to export.
     *
     * @param topics their names
     * @param fromMs null for all records from the beginning
     * @param toMs null for all records up to now
     */
    record Selection(
            List<String> topics,
            @Nullable Long fromMs,
            @Nullable Long toMs) {
        boolean includes(long timestampMs) {
            return (fromMs == null || timestampMs >= fromMs) && (toMs == null || timestampMs < toMs);
        }
    }

    /**
     * Begins an export into a directory.
     *
     * @throws io.gpuctl.audit.log.EventLogException if the directory exists and is not empty
     */
    static LogExport into(Path directory) {
        return new LogExport(EventLogWriter.create(directory));
    }

    /** Exports all selected records; leaves out records that are written meanwhile. */
    LogManifest run(KafkaConnection kafka, Selection selection, String tool, Progress progress) {
        List<PartitionFile> states = new ArrayList<>();
        ExportExtent extent = ExportExtent.capture(
                kafka, selection, (changelog, newest) -> states.add(write(changelog, newest)), progress);
        progress.expect(extent.records());
        List<TopicFiles> topics = new ArrayList<>();
        for (String topic : extent.topics()) {
            if (topic.equals(OrchestratorApp.STATE_CHANGELOG)) {
                topics.add(new TopicFiles(topic, states));
                continue;
            }
            List<PartitionFile> written = new ArrayList<>();
            for (TopicPartition partition : extent.partitions(topic)) {
                try (PartitionReader reader = extent.reader(partition, progress)) {
                    written.add(write(partition, reader, selection));
                }
            }
            topics.add(new TopicFiles(topic, written));
        }
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        LogManifest manifest = LogManifest.of(tool, now, selection.fromMs(), selection.toMs(), topics);
        files.finish(manifest);
        return manifest;
    }

    private PartitionFile write(TopicPartition from, PartitionReader reader, Selection selection) {
        try (PartitionFileWriter file = files.partition(from.topic(), from.partition())) {
            while (reader.hasNext()) {
                ConsumerRecord<byte @Nullable [], byte @Nullable []> record = reader.next();
                if (selection.includes(record.timestamp())) {
                    file.add(raw(record));
                }
            }
            return file.finish();
        }
    }

    private PartitionFile write(
            TopicPartition changelog, List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> newest) {
        try (PartitionFileWriter file = files.partition(changelog.topic(), changelog.partition())) {
            for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : newest) {
                byte @Nullable [] key = record.key();
                if (key != null && OrchestratorApp.isSecret(key)) {
                    continue; // Leave out secrets: users share logs.
                }
                file.add(raw(record));
            }
            return file.finish();
        }
    }

    private static RawRecord raw(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        List<RawHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new RawHeader(header.key(), header.value()));
        }
        return new RawRecord(
                record.partition(), record.offset(), record.timestamp(), record.key(), headers, record.value());
    }

    @Override
    public void close() {
        files.close();
    }
}
