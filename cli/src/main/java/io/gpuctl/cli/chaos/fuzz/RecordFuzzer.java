package io.gpuctl.cli.chaos.fuzz;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes mutations of the records in the cluster's topics, each to the topic and partition of the original. */
public final class RecordFuzzer {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int SAMPLES_MAX = 200;
    private static final int EMPTY_POLLS_MAX = 3;

    private final Map<String, Object> clientSettings;
    private final SplittableRandom random;
    private final JsonMutator mutator;

    /** {@code clientSettings}: {@code bootstrap.servers}, and the settings that a Kafka client needs to connect. */
    public RecordFuzzer(Map<String, Object> clientSettings, SplittableRandom random) {
        this.clientSettings = clientSettings;
        this.random = random;
        mutator = new JsonMutator(random.split());
    }

    /** Writes this many records to each topic. Returns the total number of records written. */
    public int run(List<String> topics, int each) throws ExecutionException, InterruptedException {
        int written = 0;
        try (var producer = new KafkaProducer<>(clientSettings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (String topic : topics) {
                List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> samples = samples(topic);
                for (int i = 0; i < each && !samples.isEmpty(); i++) {
                    write(producer, samples.get(random.nextInt(samples.size()))).get();
                    written++;
                }
            }
        }
        return written;
    }

    private Future<?> write(
            Producer<byte[], byte[]> producer, ConsumerRecord<byte @Nullable [], byte @Nullable []> sample) {
        byte[] before = sample.value() == null ? new byte[0] : sample.value();
        byte @Nullable [] value = random.nextInt(30) == 0 ? null : mutator.mutate(before);
        byte @Nullable [] key = random.nextInt(10) == 0 ? mutator.mutate(before) : sample.key();
        return producer.send(record(sample.topic(), sample.partition(), key, value));
    }

    /** Kafka accepts null keys and values, although the serializer's type does not. */
    @SuppressWarnings("NullAway")
    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord<>(topic, partition, key, value);
    }

    private List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> samples(String topic) {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, SAMPLES_MAX);
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> samples = new ArrayList<>();
        try (var consumer = new KafkaConsumer<byte @Nullable [], byte @Nullable []>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            for (int empty = 0; empty < EMPTY_POLLS_MAX && samples.size() < SAMPLES_MAX; ) {
                var records = consumer.poll(POLL);
                records.forEach(samples::add);
                empty = records.isEmpty() ? empty + 1 : 0;
            }
        }
        return samples;
    }
}
