package io.gpuctl.experiments.whatif;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.audit.log.EventLogWriter;
import io.gpuctl.audit.log.LogManifest;
import io.gpuctl.audit.log.PartitionFile;
import io.gpuctl.audit.log.PartitionFileWriter;
import io.gpuctl.audit.log.RawRecord;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.audit.redo.StoredState;
import io.gpuctl.events.Cause;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.engine.TopicSink;
import io.gpuctl.orchestrator.core.PoolSnapshot;
import io.gpuctl.orchestrator.core.PoolState;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the log of a run in virtual time, in the form of an exported log. Each record has the place that it would have
 * in a live cluster, and its own cluster time as its timestamp. Nothing in the log depends on a clock.
 */
public final class VirtualLog implements FactSink, TopicSink, AutoCloseable {
    private static final List<Topic<? extends PoolScoped>> TOPICS = List.of(
            Topics.TASK_COMMANDS,
            Topics.PLACEMENTS,
            Topics.TASK_REPORTS,
            Topics.NODE_EVENTS,
            Topics.CLUSTER_EVENTS,
            Topics.NODE_CONDITIONS);

    private final EventLogWriter log;
    private final int partition;
    private final Map<String, PartitionFileWriter> files = new LinkedHashMap<>();
    private final Map<String, ObjectWriter> json = new LinkedHashMap<>();
    private long facts;
    private long commands;
    private long newestMs;

    /**
     * Begins the log of a pool.
     *
     * @param directory must be absent or empty
     * @throws io.gpuctl.audit.log.EventLogException if the directory is neither absent nor empty, or the log cannot be
     *     written
     */
    public VirtualLog(Path directory, PoolId pool) {
        log = EventLogWriter.create(directory);
        partition = PoolPartitioner.partition(pool);
        for (Topic<? extends PoolScoped> topic : TOPICS) {
            files.put(topic.name(), log.partition(topic.name(), partition));
            json.put(topic.name(), EventJson.mapper().writerFor(topic.valueType()));
        }
    }

    @Override
    public void accept(Fact fact) {
        newestMs = fact.atMs();
        write(Topics.CLUSTER_EVENTS.name(), facts++, fact.atMs(), fact.event().subject(), fact);
    }

    @Override
    public void accept(Cause place, PoolInput input) {
        write(place.source(), place.offset(), input.atMs(), input.key(), input);
    }

    @Override
    public void accept(NodeCommand command) {
        write(
                Topics.PLACEMENTS.name(),
                commands++,
                command.atMs(),
                command.nodeId().value(),
                command);
    }

    private void write(String topic, long offset, long atMs, String key, PoolScoped value) {
        ObjectWriter writer = json.get(topic);
        PartitionFileWriter file = files.get(topic);
        if (writer == null || file == null) {
            throw new IllegalArgumentException("There is no topic " + topic);
        }
        try {
            file.add(new RawRecord(partition, offset, atMs, utf8(key), List.of(), writer.writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Completes the log.
     *
     * @param state the state at the end of the run, which is written as an orchestrator stores it
     * @param changelog the topic for the state
     * @param tool name and version of the program that wrote the log
     */
    public void finish(PoolState state, String changelog, String tool) {
        List<TopicFiles> topics = new ArrayList<>();
        for (Topic<? extends PoolScoped> topic : TOPICS) {
            PartitionFileWriter file = files.get(topic.name());
            if (file != null) {
                topics.add(new TopicFiles(topic.name(), partitions(topic.name(), file)));
            }
        }
        try (PartitionFileWriter file = log.partition(changelog, partition)) {
            writeState(state.snapshot(), file);
            topics.add(new TopicFiles(changelog, partitions(changelog, file)));
        }
        String end = Instant.ofEpochMilli(newestMs).toString();
        log.finish(LogManifest.of(tool, end, null, null, topics));
    }

    private List<PartitionFile> partitions(String topic, PartitionFileWriter file) {
        List<PartitionFile> written = new ArrayList<>();
        for (int number = 0; number < Topics.POOL_PARTITIONS; number++) {
            if (number == partition) {
                written.add(file.finish());
            } else {
                try (PartitionFileWriter empty = log.partition(topic, number)) {
                    written.add(empty.finish());
                }
            }
        }
        return written;
    }

    private void writeState(PoolSnapshot state, PartitionFileWriter file) {
        long offset = 0;
        for (Map.Entry<String, Object> entry : StoredState.entries(
                        state.header(), state.nodes(), state.tasks(), state.finished())
                .entrySet()) {
            try {
                byte[] value = EventJson.mapper().writeValueAsBytes(entry.getValue());
                file.add(new RawRecord(partition, offset++, newestMs, utf8(entry.getKey()), List.of(), value));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Removes the files if the log was not finished. */
    @Override
    public void close() {
        files.values().forEach(PartitionFileWriter::close);
        log.close();
    }
}
