package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.kafka.Changelogs;
import io.gpuctl.events.kafka.CommittingProducer;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.RecordLimits;
import io.gpuctl.events.kafka.Replication;
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
 * A running orchestrator. Any number of them share the pools of a cluster; Kafka says who decides for which, and lets
 * another take over from one that has died. Thread-safe.
 */
public final class OrchestratorApp implements AutoCloseable {
    /** Names the consumer group, the transactions and the changelog: never change it. */
    public static final String APPLICATION_ID = Topics.ORCHESTRATORS;

    /** The topic of what is stored, the newest of each key: Kafka Streams names it. */
    public static final String STATE_CHANGELOG = Changelogs.name(APPLICATION_ID, OrchestratorTopology.STATE_STORE);

    /**
     * A decision is seen by nobody before it is committed: this is most of its latency. Where the CPU is short it is
     * not kept, since each transaction costs the broker a dozen writes.
     */
    private static final int COMMIT_INTERVAL_MS = 20;

    /** A commit that has come due waits for the poll that is under way. */
    private static final int POLL_MS = 5;

    /** After this long without a sign of life another instance takes over. */
    private static final int SESSION_TIMEOUT_MS = 6_000;

    /** A transaction that was open when its instance died keeps readers waiting for up to this long. */
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final SchedulerMetrics metrics;
    private final KafkaStreamsMetrics streamsMetrics;

    /** Also of an app that is closed: its metrics can be bound no more, and the thread that tried would die. */
    private final AtomicBoolean metricsBound = new AtomicBoolean();

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private OrchestratorApp(KafkaStreams streams, SchedulerMetrics metrics) {
        this.streams = streams;
        this.metrics = metrics;
        streamsMetrics = new KafkaStreamsMetrics(streams);
    }

    /** As below, with metrics that nobody reads. */
    public static OrchestratorApp start(OrchestratorConfig config) {
        return start(config, new CompositeMeterRegistry());
    }

    /**
     * Starts deciding, in threads of its own. The topics must exist.
     *
     * @param registry gets the histograms, and what Kafka Streams tells of itself; the rest is in {@link #metrics}
     * @throws io.gpuctl.events.InvalidFieldException if there is no such policy
     */
    public static OrchestratorApp start(OrchestratorConfig config, MeterRegistry registry) {
        Policies.create(config.settings().policy());
        SchedulerMetrics metrics = new SchedulerMetrics(registry, config.clock());
        KafkaStreams streams = new KafkaStreams(OrchestratorTopology.build(config, metrics), properties(config));
        OrchestratorApp app = new OrchestratorApp(streams, metrics);
        streams.setStateListener((now, _) -> {
            // Not before: it would look for what is new a minute later.
            if (now == KafkaStreams.State.RUNNING && app.metricsBound.compareAndSet(false, true)) {
                app.streamsMetrics.bindTo(registry);
            }
        });
        RestartLimit restarts = new RestartLimit(5, Duration.ofMinutes(10));
        streams.setUncaughtExceptionHandler(exception -> {
            // A log that needs a newer program: no other thread of this one could read it.
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
        // Not Kafka's own dead letters: they hold the record as it is, and so may not fit.
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, UnreadableRecordHandler.class);
        // What will be the default: without it every start warns.
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, MisplacedRecordHandler.class);
        // A producer may leave a record's timestamp out, or make it negative: by default that ends the application.
        properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, WallclockTimestampExtractor.class);
        properties.put(
                StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, RecordLimits.BUFFERED_RECORDS_PER_PARTITION);
        CommittingProducer.settings()
                .forEach((name, value) -> properties.put(StreamsConfig.producerPrefix(name), value));
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), SESSION_TIMEOUT_MS / 4);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MS);
        return properties;
    }

    /** Whether what is stored under that key is for nobody but orchestrators. */
    public static boolean isSecret(byte[] storedKey) {
        return AttemptTokens.isKey(new String(storedKey, StandardCharsets.UTF_8));
    }

    /** Whether it decides now; not while the pools are being shared out anew. */
    public boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** What it has to say of the pools that it decides for. */
    public MetricSource metrics() {
        return metrics;
    }

    /** What made it give up, if it has. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Commits and stops; waits for at most ten seconds. The instance keeps its place for a while, to come back to. */
    @Override
    public void close() {
        metricsBound.set(true);
        streams.close(CLOSE_TIMEOUT);
        streamsMetrics.close();
    }
}
