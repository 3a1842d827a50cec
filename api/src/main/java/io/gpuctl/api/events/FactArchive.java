package io.gpuctl.api.events;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.FETCH_MAX_BYTES_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ISOLATION_LEVEL_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG;

import io.gpuctl.api.kafka.KafkaClients;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.Topics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads old facts directly from {@code cluster-events}, in batches. A few consumers serve any number of readers: a
 * reader has a consumer only for one batch, never while its client reads, so a client that does not read does not block
 * others.
 *
 * <p>Calls block, so readers have their own threads.
 */
@ApplicationScoped
class FactArchive {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final int BATCH_SIZE_MAX = 250;
    private static final int FETCH_BYTES_MAX = 256 * 1024;

    /** Each consumer has its own buffers; further readers wait until a consumer is free. */
    private static final int CONSUMERS_MAX = 4;

    private static final long LOOK_BACK_MIN = 64;
    private static final int LOOK_BACK_GROWTH = 16;

    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, Topics.CLUSTER_EVENTS.partitions())
            .mapToObj(number -> new TopicPartition(Topics.CLUSTER_EVENTS.name(), number))
            .toList();

    /**
     * Consecutive facts.
     *
     * @param facts the facts, often none
     * @param end the place after all read records, including those that are not facts, such as the ends of transactions
     */
    record Batch(List<LoggedFact> facts, LogPlace end) {}

    /** The places where the log begins and ends. */
    record Extent(LogPlace begin, LogPlace end) {}

    private final KafkaClients clients;
    private final Semaphore permits = new Semaphore(CONSUMERS_MAX, true);
    private final Deque<KafkaConsumer<String, byte[]>> idle = new ArrayDeque<>();

    FactArchive(KafkaClients clients) {
        this.clients = clients;
    }

    /**
     * Returns the next facts from this place on. Throws {@link org.apache.kafka.common.KafkaException} if they cannot
     * be read.
     */
    Batch read(LogPlace place) throws InterruptedException {
        return withConsumer(consumer -> {
            for (int partition = 0; partition < PARTITIONS.size(); partition++) {
                var topicPartition = PARTITIONS.get(partition);
                // Seeking would discard prefetched records.
                if (consumer.position(topicPartition) != place.nextOffset(partition)) {
                    consumer.seek(topicPartition, place.nextOffset(partition));
                }
            }
            var facts = new ArrayList<LoggedFact>();
            for (var factRecord : consumer.poll(POLL_TIMEOUT)) {
                FactDecoder.decode(factRecord).ifPresent(facts::add);
            }
            return new Batch(facts, place(consumer::position));
        });
    }

    /**
     * Returns the extent of the log. Throws {@link org.apache.kafka.common.KafkaException} if the broker does not
     * answer.
     */
    Extent extent() throws InterruptedException {
        return withConsumer(consumer -> {
            var begin = consumer.beginningOffsets(PARTITIONS);
            var end = consumer.endOffsets(PARTITIONS);
            return new Extent(
                    place(partition -> begin.getOrDefault(partition, 0L)),
                    place(partition -> end.getOrDefault(partition, 0L)));
        });
    }

    /**
     * Returns the current last fact of each partition that has one; skips records that are not facts. Throws
     * {@link org.apache.kafka.common.KafkaException} if they cannot be read.
     */
    List<LoggedFact> lastFacts() throws InterruptedException {
        Extent extent = extent();
        List<LoggedFact> last = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS.size(); partition++) {
            lastFact(partition, extent).ifPresent(last::add);
        }
        return last;
    }

    /** Looks back in growing steps, because the last records may be ends of transactions, or unreadable. */
    private Optional<LoggedFact> lastFact(int partition, Extent extent) throws InterruptedException {
        long begin = extent.begin().nextOffset(partition);
        long end = extent.end().nextOffset(partition);
        Optional<LoggedFact> last = Optional.empty();
        long back = LOOK_BACK_MIN;
        long from = end;
        while (from > begin && last.isEmpty()) {
            long to = from;
            from = Math.max(begin, end - back);
            back *= LOOK_BACK_GROWTH;
            last = lastFact(partition, extent.end().with(partition, from), to);
        }
        return last;
    }

    /** Returns the last fact of the partition between a place and an offset. */
    private Optional<LoggedFact> lastFact(int partition, LogPlace from, long to) throws InterruptedException {
        Optional<LoggedFact> last = Optional.empty();
        LogPlace place = from;
        while (place.nextOffset(partition) < to) {
            Batch batch = read(place);
            for (LoggedFact fact : batch.facts()) {
                last = fact.partition() == partition && fact.offset() < to ? Optional.of(fact) : last;
            }
            place = batch.end();
        }
        return last;
    }

    private static LogPlace place(Function<TopicPartition, Long> offset) {
        return new LogPlace(PARTITIONS.stream().map(offset).toList());
    }

    private <T> T withConsumer(Function<KafkaConsumer<String, byte[]>, T> use) throws InterruptedException {
        permits.acquire();
        try {
            var consumer = take();
            try {
                T result = use.apply(consumer);
                giveBack(consumer);
                return result;
            } catch (RuntimeException e) {
                consumer.close();
                throw e;
            }
        } catch (InterruptException e) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        } finally {
            permits.release();
        }
    }

    private KafkaConsumer<String, byte[]> take() {
        synchronized (idle) {
            var consumer = idle.poll();
            if (consumer != null) {
                return consumer;
            }
        }
        return open();
    }

    private void giveBack(KafkaConsumer<String, byte[]> consumer) {
        synchronized (idle) {
            idle.push(consumer);
        }
    }

    private KafkaConsumer<String, byte[]> open() {
        var config = clients.with(Map.of(
                CLIENT_ID_CONFIG,
                "gpuctl-api-archive",
                ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ENABLE_AUTO_COMMIT_CONFIG,
                "false",
                AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                FETCH_MAX_BYTES_CONFIG,
                FETCH_BYTES_MAX,
                MAX_PARTITION_FETCH_BYTES_CONFIG,
                FETCH_BYTES_MAX,
                MAX_POLL_RECORDS_CONFIG,
                BATCH_SIZE_MAX,
                REQUEST_TIMEOUT_MS_CONFIG,
                KafkaConnection.REQUEST_TIMEOUT_MS));
        config.remove(GROUP_ID_CONFIG);
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(PARTITIONS);
        consumer.seekToBeginning(PARTITIONS);
        return consumer;
    }

    @PreDestroy
    void close() {
        synchronized (idle) {
            idle.forEach(KafkaConsumer::close);
            idle.clear();
        }
    }
}
