package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.Changelogs;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.RecordLimits;
import io.gpuctl.events.kafka.Replication;
import io.gpuctl.events.kafka.StreamsClients;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.events.metrics.MetricSource;
import io.gpuctl.orchestrator.policy.Policies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.jspecify.annotations.Nullable;

/**
 * A running orchestrator. Any number of orchestrators share the pools of a cluster; Kafka assigns the pools to them,
 * and reassigns the pools of an orchestrator that has died. Thread-safe.
 */
public final class OrchestratorApp implements AutoCloseable {
    /** The name of the consumer group and part of the names of transactions and changelog: never change it. */
    public static final String APPLICATION_ID = Topics.ORCHESTRATORS;

    /** The compacted changelog topic of the state store; Kafka Streams names it. */
    public static final String STATE_CHANGELOG = Changelogs.name(APPLICATION_ID, OrchestratorTopology.STATE_STORE);

    /** The shortest time from the end of a transaction with facts to the next one, see {@link CommitPace}. */
    public static final int COMMIT_GAP_MS = 20;

    /** Inputs that change nothing, as most heartbeats, can wait with their commit; for facts see {@link CommitPace}. */
    private static final int COMMIT_INTERVAL_MS = 500;

    /** A due commit waits for the current poll. */
    public static final int POLL_MS = 5;

    /** After this time without a heartbeat of the instance, another instance takes over. */
    private static final int SESSION_TIMEOUT_MS = 6_000;

    /** A transaction that was open when its instance died blocks readers for up to this time. */
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final SchedulerMetrics metrics;
    private final KafkaStreamsMetrics streamsMetrics;

    /** Whether metrics are bound. Also true once the app is closed: binding then would end the thread that tries. */
    private final AtomicBoolean metricsBound = new AtomicBoolean();

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private OrchestratorApp(KafkaStreams streams, SchedulerMetrics metrics) {
        this.streams = streams;
        this.metrics = metrics;
        streamsMetrics = new KafkaStreamsMetrics(streams);
    }

    /** Starts an orchestrator without a metrics registry. */
    public static OrchestratorApp start(OrchestratorConfig config) {
        return start(config, new CompositeMeterRegistry());
    }

    /**
     * Starts an orchestrator in its own threads. The topics must exist.
     *
     * @param registry gets the histograms and the metrics of Kafka Streams; the other metrics are in {@link #metrics}
     * @throws io.gpuctl.events.InvalidFieldException if the policy does not exist
     */
    public static OrchestratorApp start(OrchestratorConfig config, MeterRegistry registry) {
        Policies.create(config.settings().policy());
        SchedulerMetrics metrics = new SchedulerMetrics(registry, config.clock());
        CommitPace pace = new CommitPace();
        KafkaStreams streams =
                new KafkaStreams(OrchestratorTopology.build(config, pace, metrics), properties(config), pace);
        OrchestratorApp app = new OrchestratorApp(streams, metrics);
        streams.setStateListener((now, _) -> {
            // Not earlier: the binder would find new metrics only a minute later.
            if (now == KafkaStreams.State.RUNNING && app.metricsBound.compareAndSet(false, true)) {
                app.streamsMetrics.bindTo(registry);
            }
        });
        RestartLimit restarts = new RestartLimit(5, Duration.ofMinutes(10));
        streams.setUncaughtExceptionHandler(exception -> {
            // If the log needs a newer program, a new thread could not read it either.
            if (NewerLogError.in(exception).isEmpty() && restarts.allowsAnother()) {
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            app.failure.compareAndSet(null, exception);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        return app;
    }

    private static Properties properties(OrchestratorConfig config) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION_ID);
        properties.putAll(config.kafka().settings());
        properties.put(StreamsConfig.REQUEST_TIMEOUT_MS_CONFIG, KafkaConnection.REQUEST_TIMEOUT_MS);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
        properties.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
        Replication changelogs = Replication.ofFacts(config.kafka());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, changelogs.factor());
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), changelogs.minInSync());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        // Not Kafka's own dead letters: they contain the whole record, which may be too large.
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UnreadableRecordHandler.class);
        // The future default; without it, every start logs a warning.
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, MisplacedRecordHandler.class);
        // A producer may omit a record's timestamp, or make it negative, which by default ends the application.
        properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, WallclockTimestampExtractor.class);
        properties.put(
                StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, RecordLimits.BUFFERED_RECORDS_PER_PARTITION);
        StreamsClients.producer().forEach((name, value) -> properties.put(StreamsConfig.producerPrefix(name), value));
        StreamsClients.admin().forEach((name, value) -> properties.put(StreamsConfig.adminClientPrefix(name), value));
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), SESSION_TIMEOUT_MS / 4);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MS);
        return properties;
    }

    /** Returns whether the value of the key is secret: only orchestrators may see it. */
    public static boolean isSecret(byte[] storedKey) {
        return AttemptTokens.isKey(new String(storedKey, StandardCharsets.UTF_8));
    }

    /** Returns whether the orchestrator decides now; false while Kafka reassigns the pools. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Returns the metrics of the pools that it decides for. */
    public MetricSource metrics() {
        return metrics;
    }

    /** Returns the failure that stopped the orchestrator, if any. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /**
     * Commits and stops; waits for at most ten seconds. The instance stays a member of the group for a while, so that
     * it can return.
     */
    @Override
    public void close() {
        metricsBound.set(true);
        streams.close(CLOSE_TIMEOUT);
        streamsMetrics.close();
    }
}
