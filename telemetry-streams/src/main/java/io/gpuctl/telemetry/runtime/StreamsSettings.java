package io.gpuctl.telemetry.runtime;

import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.RecordLimits;
import io.gpuctl.events.kafka.Replication;
import io.gpuctl.events.kafka.StreamsClients;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;

/** The settings of Kafka Streams, with their reasons. */
final class StreamsSettings {
    private StreamsSettings() {}

    static Properties of(ViewsConfig config, CommandsSeen commandsSeen, Replication changelogs) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, ViewsApp.APPLICATION_ID);
        settings.putAll(config.kafka().settings());
        settings.put(StreamsConfig.CLIENT_ID_CONFIG, ViewsApp.APPLICATION_ID + "-" + config.instanceId());
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, config.host() + ":" + config.port());
        settings.put(StreamsConfig.REQUEST_TIMEOUT_MS_CONFIG, KafkaConnection.REQUEST_TIMEOUT_MS);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, changelogs.factor());
        settings.put(StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), changelogs.minInSync());
        addCorrectness(settings, commandsSeen);
        addGroup(settings, config);
        addSizes(settings);
        settings.putAll(config.overrides());
        return settings;
    }

    private static void addCorrectness(Properties settings, CommandsSeen commandsSeen) {
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // Queries see uncommitted changes. For readers of node-conditions, this is soon enough; and a commit costs a
        // forced write for each partition of each changelog.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, SkipUnreadable.class);
        settings.put(SkipUnreadable.COMMANDS_SEEN_CONFIG, commandsSeen);
        // A producer may send a record without timestamp or a negative one, which by default ends the application.
        settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, WallclockTimestampExtractor.class);
        // The future default; without this setting, every start logs a warning.
        settings.put("processing.exception.handler.global.enabled", true);
        // Facts and commands do not wait for each other: the fold accepts them in any order.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    }

    private static void addGroup(Properties settings, ViewsConfig config) {
        // A static member gets its partitions back at once after a restart within the session timeout.
        settings.put(main(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        settings.put(main(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        settings.put(main(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        // An instance this near to the end of a changelog may take the partition over: some seconds of work.
        settings.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 50_000L);
        // The interval at which a standby copy that is behind is checked for takeover; the minimum that Kafka allows.
        settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
    }

    private static void addSizes(Properties settings) {
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 16L << 20);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, RecordLimits.BUFFERED_RECORDS_PER_PARTITION);
        StreamsClients.producer().forEach((name, value) -> settings.put(StreamsConfig.producerPrefix(name), value));
        StreamsClients.admin().forEach((name, value) -> settings.put(StreamsConfig.adminClientPrefix(name), value));
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 8 << 20);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), 256 << 10);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 16L << 20);
        // Cached records are sent under the lock that queries take, so without a broker queries would wait as long. A
        // commit holds no such lock, and waits longer: see PatientClients.
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 4_000);
    }

    private static String main(String name) {
        return StreamsConfig.mainConsumerPrefix(name);
    }
}
