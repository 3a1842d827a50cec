package io.gpuctl.events.kafka;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;

import io.gpuctl.events.Fact;
import io.gpuctl.events.FaultInjection;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.Topic.Partitioning;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All topics, with their partitions, retention and record sizes. No topic is created from elsewhere. */
public final class Topics {
    /**
     * Partitions of every topic that is partitioned by pool. The number must be the same for all these topics:
     * otherwise a pool's records are in different partitions.
     */
    public static final int POOL_PARTITIONS = 4;

    /** Partitions of the telemetry: at most that many API instances can share the work. */
    public static final int TELEMETRY_PARTITIONS = 4;

    /** The consumer group of all orchestrators, which read commands and decide. */
    public static final String ORCHESTRATORS = "gpuctl-orchestrator";

    /** The application and consumer group of all views, which the API instances host. */
    public static final String VIEWS = "gpuctl-views";

    /**
     * The group name of the followers of facts, one in each API instance. No follower joins the group: the Kafka client
     * only asks for the group's committed offsets, and there are none.
     */
    public static final String FACT_FOLLOWERS = "gpuctl-api-events";

    /** Commands: submit, cancel, run the scheduler, cordon and drain nodes. Written by the API. */
    public static final Topic<TaskCommand> TASK_COMMANDS =
            byPool("task-commands", TaskCommand.class, retained(Duration.ofDays(7)));

    /** Commands to start or stop an attempt. Written by the orchestrator. */
    public static final Topic<NodeCommand> PLACEMENTS =
            byPool("placements", NodeCommand.class, retained(Duration.ofDays(7)));

    /** Reports of nodes on the life of attempts. Written by nodes. */
    public static final Topic<TaskReport> TASK_REPORTS =
            byPool("task-reports", TaskReport.class, retained(Duration.ofDays(7)));

    /** Registrations, heartbeats, faults. Written by nodes. */
    public static final Topic<NodeEvent> NODE_EVENTS =
            byPool("node-events", NodeEvent.class, RecordLimits.LARGE_BYTES, retained(Duration.ofDays(3)));

    /** Faults to inject into simulated nodes. Written by the API, read by the simulator that hosts the node. */
    public static final Topic<FaultInjection> FAULT_INJECTIONS =
            byPool("fault-injections", FaultInjection.class, retained(Duration.ofDays(3)));

    /** The facts, kept forever. Written by the orchestrator. */
    public static final Topic<Fact> CLUSTER_EVENTS =
            byPool("cluster-events", Fact.class, RecordLimits.LARGE_BYTES, Map.of(RETENTION_MS_CONFIG, "-1"));

    /** One record per node and tick. Written by nodes. */
    public static final Topic<NodeTelemetry> GPU_TELEMETRY = new Topic<>(
            "gpu-telemetry",
            TELEMETRY_PARTITIONS,
            Partitioning.BY_KEY,
            Map.of(
                    RETENTION_MS_CONFIG,
                    Long.toString(Duration.ofHours(6).toMillis()),
                    SEGMENT_BYTES_CONFIG,
                    Integer.toString(64 << 20),
                    MAX_MESSAGE_BYTES_CONFIG,
                    Integer.toString(RecordLimits.ORDINARY_BYTES),
                    // The only topic whose producer compresses.
                    COMPRESSION_TYPE_CONFIG,
                    "lz4",
                    // No number of records forces a write to the disk: after a power cut, new telemetry arrives within
                    // a second.
                    FLUSH_MESSAGES_INTERVAL_CONFIG,
                    Long.toString(Long.MAX_VALUE)),
            NodeTelemetry.class);

    /** The smoothed condition of each node. Written by telemetry-streams. */
    public static final Topic<NodeCondition> NODE_CONDITIONS =
            byPool("node-conditions", NodeCondition.class, Map.of(CLEANUP_POLICY_CONFIG, CLEANUP_POLICY_COMPACT));

    /**
     * Requests for the broker's time, which the broker stamps. Written by all services, read by none; see
     * {@link BrokerTime}.
     */
    public static final Topic<byte[]> BROKER_CLOCK = new Topic<>(
            "broker-clock",
            1,
            Partitioning.BY_KEY,
            sized(
                    RecordLimits.ORDINARY_BYTES,
                    Map.of(
                            MESSAGE_TIMESTAMP_TYPE_CONFIG,
                            "LogAppendTime",
                            RETENTION_MS_CONFIG,
                            Long.toString(Duration.ofHours(1).toMillis()),
                            SEGMENT_BYTES_CONFIG,
                            Integer.toString(1 << 20))),
            byte[].class);

    /** Records that could not be read, see {@link DeadLetters}. Written by all services. */
    public static final Topic<byte[]> DEAD_LETTERS = new Topic<>(
            "dead-letters",
            1,
            Partitioning.BY_KEY,
            sized(RecordLimits.DEAD_LETTER_BYTES, retained(Duration.ofDays(30))),
            byte[].class);

    public static final List<Topic<?>> ALL = List.of(
            TASK_COMMANDS,
            PLACEMENTS,
            TASK_REPORTS,
            NODE_EVENTS,
            FAULT_INJECTIONS,
            CLUSTER_EVENTS,
            GPU_TELEMETRY,
            NODE_CONDITIONS,
            BROKER_CLOCK,
            DEAD_LETTERS);

    /** The inputs of orchestrators, from which a pool's decisions follow. Each topic is partitioned by pool. */
    public static final List<Topic<? extends PoolInput>> INPUTS =
            List.of(TASK_COMMANDS, TASK_REPORTS, NODE_EVENTS, NODE_CONDITIONS);

    private Topics() {}

    /** Returns the topic of a pool's input. */
    public static Topic<? extends PoolInput> of(PoolInput input) {
        return switch (input) {
            case TaskCommand _ -> TASK_COMMANDS;
            case TaskReport _ -> TASK_REPORTS;
            case NodeEvent _ -> NODE_EVENTS;
            case NodeCondition _ -> NODE_CONDITIONS;
        };
    }

    public static Optional<Topic<?>> named(String name) {
        for (Topic<?> topic : ALL) {
            if (topic.name().equals(name)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }

    private static <V> Topic<V> byPool(String name, Class<V> valueType, Map<String, String> configs) {
        return byPool(name, valueType, RecordLimits.ORDINARY_BYTES, configs);
    }

    private static <V> Topic<V> byPool(String name, Class<V> valueType, int bytesMax, Map<String, String> configs) {
        return new Topic<>(name, POOL_PARTITIONS, Partitioning.BY_POOL, sized(bytesMax, configs), valueType);
    }

    private static Map<String, String> sized(int bytesMax, Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(configs);
        all.putAll(RecordLimits.NOT_COMPRESSED);
        all.put(MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytesMax));
        return Map.copyOf(all);
    }

    private static Map<String, String> retained(Duration duration) {
        return Map.of(RETENTION_MS_CONFIG, Long.toString(duration.toMillis()));
    }
}
