package io.gpuctl.api.events;

import static org.apache.kafka.clients.consumer.ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.CLIENT_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.GROUP_ID_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.ISOLATION_LEVEL_CONFIG;
import static org.apache.kafka.clients.consumer.ConsumerConfig.MAX_POLL_RECORDS_CONFIG;

import io.gpuctl.api.kafka.KafkaClients;
import io.gpuctl.events.kafka.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Old facts, straight from {@code cluster-events}, by a consumer for each reader. */
@ApplicationScoped
class FactArchive {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);
    private static final int BATCH_SIZE_MAX = 500;

    private final KafkaClients clients;

    FactArchive(KafkaClients clients) {
        this.clients = clients;
    }

    /** Begins at the place. The reader belongs to one thread, which blocks in it. */
    Reader open(LogPlace place) {
        var config = clients.with(Map.of(
                CLIENT_ID_CONFIG, "gpuctl-api-archive",
                ISOLATION_LEVEL_CONFIG, "read_committed",
                ENABLE_AUTO_COMMIT_CONFIG, "false",
                AUTO_OFFSET_RESET_CONFIG, "earliest",
                MAX_POLL_RECORDS_CONFIG, BATCH_SIZE_MAX));
        config.remove(GROUP_ID_CONFIG);
        var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        var offsets = new TreeMap<Integer, Long>();
        for (int partition = 0; partition < Topics.CLUSTER_EVENTS.partitions(); partition++) {
            offsets.put(partition, place.nextOffset(partition));
        }
        consumer.assign(offsets.keySet().stream().map(FactArchive::partition).toList());
        offsets.forEach((partition, offset) -> consumer.seek(partition(partition), offset));
        return new Reader(consumer);
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition(Topics.CLUSTER_EVENTS.name(), number);
    }

    /** A consumer of old facts. */
    static final class Reader implements AutoCloseable {

        private final KafkaConsumer<String, byte[]> consumer;

        private Reader(KafkaConsumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        /** The next facts; often none. Throws Kafka's {@code InterruptException} if the thread was interrupted. */
        List<LoggedFact> next() {
            var facts = new ArrayList<LoggedFact>();
            for (var factRecord : consumer.poll(POLL_TIMEOUT)) {
                FactDecoder.decode(factRecord).ifPresent(facts::add);
            }
            return facts;
        }

        /** The place up to which {@link #next} has read: also past what is no fact, such as the ends of transactions. */
        LogPlace place() {
            var nextOffsets = new ArrayList<Long>();
            for (int partition = 0; partition < Topics.CLUSTER_EVENTS.partitions(); partition++) {
                nextOffsets.add(consumer.position(partition(partition)));
            }
            return new LogPlace(nextOffsets);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
