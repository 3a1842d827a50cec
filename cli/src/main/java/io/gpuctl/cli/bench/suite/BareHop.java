package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.bench.load.HopLoad;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.StreamsClients;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * An exactly-once application of Kafka Streams that only copies records from one topic to another, with the commit
 * interval and the clients' settings of the orchestrator. No placement by way of Kafka Streams is faster.
 */
public final class BareHop implements AutoCloseable {
    private static final String INPUT = "hop-in";
    private static final String OUTPUT = "hop-out";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

    private final KafkaStreams streams;

    private BareHop(KafkaStreams streams) {
        this.streams = streams;
    }

    /** Creates the topics, starts the application, and returns when it runs. */
    public static BareHop start(KafkaConnection kafka, Path state) throws InterruptedException, ExecutionException {
        try (var admin = Admin.create(kafka.with(Map.of()))) {
            admin.createTopics(List.of(topic(INPUT), topic(OUTPUT))).all().get();
        }
        var builder = new StreamsBuilder();
        builder.stream(INPUT, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .to(OUTPUT, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
        var hop = new BareHop(new KafkaStreams(builder.build(), settings(kafka, state)));
        hop.awaitRunning();
        return hop;
    }

    /** Returns a load on the application that uses this Kafka. */
    static HopLoad load(KafkaConnection kafka) {
        return new HopLoad(kafka, INPUT, OUTPUT);
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, Optional.of(1), Optional.empty());
    }

    private static Properties settings(KafkaConnection kafka, Path state) {
        var settings = new Properties();
        settings.putAll(kafka.settings());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "gpuctl-bench-hop");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, OrchestratorApp.COMMIT_GAP_MS);
        settings.put(StreamsConfig.POLL_MS_CONFIG, OrchestratorApp.POLL_MS);
        settings.put("processing.exception.handler.global.enabled", true); // Without it, a start logs a warning.
        StreamsClients.producer().forEach((name, value) -> settings.put(StreamsConfig.producerPrefix(name), value));
        return settings;
    }

    private void awaitRunning() throws InterruptedException {
        var running = new CountDownLatch(1);
        streams.setStateListener((state, _) -> {
            if (state == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
        });
        streams.start();
        if (!running.await(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("The application did not run within " + START_TIMEOUT);
        }
    }

    @Override
    public void close() {
        streams.close();
    }
}
