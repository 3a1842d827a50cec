package io.gpuctl.cli.cluster;

import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.BrokerTime;
import io.gpuctl.events.kafka.KafkaConnection;
import java.time.Duration;
import java.util.Optional;

/** The time of an outside Kafka cluster, which all processes share even if a machine's clock is wrong. */
final class ClockService implements Service {

    /** Without an answer in this time, the machine's own clock is used until there is an answer. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

    private final BrokerTime time;

    private ClockService(BrokerTime time) {
        this.time = time;
    }

    /** Waits for the first answer. */
    static ClockService start(KafkaConnection kafka, String instance) throws InterruptedException {
        var service = new ClockService(BrokerTime.start(kafka, instance));
        service.time.await(ANSWER_TIMEOUT);
        return service;
    }

    WallTime time() {
        return time;
    }

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        time.close();
    }
}
