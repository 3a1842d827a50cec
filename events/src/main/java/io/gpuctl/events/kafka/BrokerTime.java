package io.gpuctl.events.kafka;

import io.gpuctl.events.WallTime;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka cluster's time, for a process whose machine may have a wrong clock: all processes of a cluster agree on
 * this time. It asks the broker at the start and every half minute with a record in {@link Topics#BROKER_CLOCK}, which
 * the broker stamps. In between, it follows the machine's monotonic clock, which is never set. An answer is exact to
 * half of its round trip.
 *
 * <p>Before the first answer, the time is the machine's own clock. Thread-safe.
 */
public final class BrokerTime implements WallTime, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerTime.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    /** A larger difference is logged. */
    private static final long WRONG_MS = 1_000;

    private final KafkaConnection kafka;
    private final Producer<byte[], byte[]> producer;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    /** The broker's time minus the monotonic clock's time, ms; valid once {@link #answered}. */
    private volatile long offsetMs;

    private boolean warned;
    private boolean refused;

    private BrokerTime(KafkaConnection kafka, Producer<byte[], byte[]> producer) {
        this.kafka = kafka;
        this.producer = producer;
    }

    /** Starts to ask the broker, in a separate thread. */
    public static BrokerTime start(KafkaConnection kafka, String clientId) {
        var time = new BrokerTime(
                kafka,
                new KafkaProducer<>(
                        kafka.with(settings(clientId)), new ByteArraySerializer(), new ByteArraySerializer()));
        Thread.ofPlatform().name(clientId + "-clock").daemon().start(time::ask);
        return time;
    }

    private static Map<String, Object> settings(String clientId) {
        return Map.ofEntries(
                Map.entry(ProducerConfig.CLIENT_ID_CONFIG, clientId + "-clock"),
                Map.entry(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, ""),
                Map.entry(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false),
                Map.entry(ProducerConfig.ACKS_CONFIG, "1"),
                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false),
                Map.entry(ProducerConfig.LINGER_MS_CONFIG, 0),
                // If a question is sent twice, the age of its answer is unknown.
                Map.entry(ProducerConfig.RETRIES_CONFIG, 0),
                Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER_TIMEOUT.toMillis())),
                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER_TIMEOUT.toMillis())),
                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_TIMEOUT.toMillis()),
                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 1_024),
                Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 65_536L));
    }

    /** Waits for the first answer. Returns whether it came in time. */
    public boolean await(Duration timeout) throws InterruptedException {
        return answered.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public long nowMs() {
        return answered.getCount() == 0 ? monotonicMs() + offsetMs : System.currentTimeMillis();
    }

    private static long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void ask() {
        try {
            do {
                askOnce();
            } while (!closed.await(
                    answered.getCount() == 0 ? PERIOD.toMillis() : ANSWER_TIMEOUT.toMillis() / 10,
                    TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ZERO);
    }

    private void askOnce() throws InterruptedException {
        // The timestamp of the question is not used, and other topics would refuse a wrong timestamp.
        var question = new ProducerRecord<byte[], byte[]>(Topics.BROKER_CLOCK.name(), 0, 0L, new byte[0], new byte[0]);
        try {
            // The first send looks up the topic, which must not count as part of the round trip.
            producer.partitionsFor(Topics.BROKER_CLOCK.name());
            long askedMs = monotonicMs();
            var answer = producer.send(question).get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            long answeredMs = monotonicMs();
            if (answer.hasTimestamp() && answer.timestamp() > 0) {
                learn(answer.timestamp(), askedMs, answeredMs);
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            sayIfRefused(e);
            LOG.debug("Cannot read the Kafka cluster's time", e);
        }
    }

    /**
     * Logs a refusal once. An unreachable broker comes back, but a refusal lasts, and without this line the use of the
     * machine's own clock would go unnoticed.
     */
    private void sayIfRefused(Exception failure) {
        KafkaProblem problem = KafkaProblem.of(failure, kafka).orElse(null);
        if (problem != null && problem.kind() != KafkaProblem.Kind.UNREACHABLE && !refused) {
            refused = true;
            LOG.warn("Cannot read the time of Kafka at {}, so this machine's clock is used: {}", kafka, problem.text());
        }
    }

    private void learn(long brokerMs, long askedMs, long answeredMs) {
        long halfWayMs = (answeredMs - askedMs + 1) / 2;
        long foundMs = brokerMs - askedMs - halfWayMs;
        boolean first = answered.getCount() > 0;
        if (first || Math.abs(foundMs - offsetMs) > halfWayMs) {
            offsetMs = foundMs;
        }
        answered.countDown();
        long wrongMs = System.currentTimeMillis() - nowMs();
        if (!warned && Math.abs(wrongMs) > WRONG_MS + halfWayMs) {
            warned = true;
            LOG.warn(
                    "This machine's clock is {} s {} the Kafka cluster's clock, which is used instead",
                    Math.abs(wrongMs) / 1_000,
                    wrongMs > 0 ? "ahead of" : "behind");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
