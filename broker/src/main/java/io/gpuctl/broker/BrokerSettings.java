package io.gpuctl.broker;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Kafka's settings for one node that is broker and controller, on the loopback interface, in the JVM of another
 * program.
 */
final class BrokerSettings {

    static final int NODE_ID = 1;
    static final int OFFSETS_PARTITIONS = 4;
    static final String HOST = "127.0.0.1";
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String BROKER_LISTENER = "BROKER";

    private BrokerSettings() {}

    /** Returns the settings under Kafka's names; {@code overrides} take precedence. */
    static Map<String, String> of(
            Path logDirectory, int brokerPort, int controllerPort, Access access, Map<String, String> overrides) {
        var settings = new LinkedHashMap<String, String>();
        settings.putAll(identity(logDirectory, brokerPort, controllerPort));
        settings.putAll(access.brokerSettings(BROKER_LISTENER, CONTROLLER_LISTENER));
        settings.putAll(SINGLE_NODE);
        settings.putAll(PROMPTNESS);
        settings.putAll(KEEPING);
        settings.putAll(DURABILITY);
        settings.putAll(SMALLNESS);
        settings.putAll(overrides);
        return settings;
    }

    private static Map<String, String> identity(Path logDirectory, int brokerPort, int controllerPort) {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@" + HOST + ":" + controllerPort,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "inter.broker.listener.name",
                BROKER_LISTENER,
                "listeners",
                BROKER_LISTENER + "://" + HOST + ":" + brokerPort + "," + CONTROLLER_LISTENER + "://" + HOST + ":"
                        + controllerPort,
                "log.dirs",
                logDirectory.toString());
    }

    /**
     * The settings of a single node: there is no other node for copies. gpuctl creates all topics, so a mistyped name
     * is an error.
     */
    private static final Map<String, String> SINGLE_NODE = Map.ofEntries(
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("auto.leader.rebalance.enable", "false"));

    private static final Map<String, String> PROMPTNESS = Map.ofEntries(
            // The default waits 3 s for more consumers to join.
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // After a kill -9 the controller refuses the new broker until the session of the killed broker has expired;
            // the default is 9 s. Controller and broker are in one JVM, so a long pause stops the clocks of both.
            Map.entry("broker.session.timeout.ms", "3000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            // A client may choose a session timeout of one second, so that tests of failover are short.
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.session.timeout.ms", "1000"),
            Map.entry("group.consumer.min.heartbeat.interval.ms", "100"),
            // The default of 20 ms is the largest part of a transaction's latency.
            Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
            // A dead producer's open transaction blocks every read_committed reader; the default checks every 10 s.
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"));

    private static final Map<String, String> KEEPING = Map.ofEntries(
            // Ten years. By default, a group that has not run for a week (a stopped gpuctl) loses its offsets.
            Map.entry("offsets.retention.minutes", "5256000"),
            // Small segments: retention deletes only whole segments.
            Map.entry("log.segment.bytes", String.valueOf(128 * 1024 * 1024)),
            // An index holds 8 bytes for each 32 KiB of its segment: 32 KiB for 128 MiB. The default maps 10 MiB twice
            // for each partition.
            Map.entry("log.index.size.max.bytes", String.valueOf(1024 * 1024)));

    /**
     * Acknowledged records are on the disk: a batch is forced there before its producer gets the answer, in the
     * broker's own topics too. A power cut therefore affects the logs like a kill (-9): they stay consistent with each
     * other. A topic may override this.
     */
    private static final Map<String, String> DURABILITY = Map.of(
            "log.flush.interval.messages",
            "1",
            // Kafka forces the two indexes with each batch, which costs twice as much as the log itself if they have a
            // new entry: with the default of 4 KiB nearly always. A reader skips up to this many bytes instead.
            "log.index.interval.bytes",
            String.valueOf(32 * 1024));

    /** Kafka's default, for logs that are not needed after a power cut. */
    static final Map<String, String> NOT_FORCED = Map.of("log.flush.interval.messages", String.valueOf(Long.MAX_VALUE));

    private static final Map<String, String> SMALLNESS = Map.ofEntries(
            Map.entry("offsets.topic.num.partitions", String.valueOf(OFFSETS_PARTITIONS)),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("num.network.threads", "2"),
            // These threads wait for the disk more than they compute.
            Map.entry("num.io.threads", "8"),
            Map.entry("background.threads", "2"),
            Map.entry("num.recovery.threads.per.data.dir", "2"),
            Map.entry("group.coordinator.threads", "1"),
            Map.entry("share.coordinator.threads", "1"),
            Map.entry("queued.max.requests", "100"),
            // 128 MiB by default, allocated at the start. 4 MiB holds 150,000 keys a pass.
            Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(4 * 1024 * 1024)),
            // No program reads this broker's JMX metrics.
            Map.entry("metric.reporters", ""));
}
