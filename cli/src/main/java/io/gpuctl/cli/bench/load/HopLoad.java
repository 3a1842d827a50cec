package io.gpuctl.cli.bench.load;

import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends records through a Kafka Streams application at a fixed rate, and waits until they come out. For one run. */
public final class HopLoad {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    /** About the bytes of a submission in the log. */
    private static final int RECORD_BYTES = 400;

    private final KafkaConnection kafka;
    private final String input;
    private final TopicPartition output;

    /**
     * The measurement.
     *
     * @param through microseconds from the due time of a record until a reader of committed records has it
     * @param missing records that did not come out
     */
    public record Result(Histogram through, int missing, double cpuMillisARecord) {}

    /** {@code output}: has one partition. */
    public HopLoad(KafkaConnection kafka, String input, String output) {
        this.kafka = kafka;
        this.input = input;
        this.output = new TopicPartition(output, 0);
    }

    public Result run(int rate, Duration duration) throws InterruptedException, ExecutionException {
        Duration cpuBefore = Cpu.ofThisProcess();
        int count = (int) (rate * duration.toSeconds());
        try (var producer = new KafkaProducer<>(
                        kafka.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(
                        kafka.with(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(output));
            consumer.seekToEnd(List.of(output));
            consumer.position(output);
            producer.partitionsFor(input);
            var pacer = Pacer.of(rate);
            Histogram through = SubmissionLoad.histogram();
            var reader = new CompletableFuture<Integer>();
            Thread.ofPlatform().name("gpuctl-bench-reader").daemon().start(() -> {
                try {
                    reader.complete(read(consumer, pacer, count, through));
                } catch (RuntimeException e) {
                    reader.completeExceptionally(e);
                }
            });
            pacer.run(count, i -> {
                var value = ByteBuffer.allocate(RECORD_BYTES).putInt(i).array();
                var _ = producer.send(new ProducerRecord<>(input, value));
            });
            int seen = reader.get();
            return new Result(
                    through, count - seen, Cpu.millisEach(Cpu.ofThisProcess().minus(cpuBefore), count));
        }
    }

    private static int read(KafkaConsumer<byte[], byte[]> consumer, Pacer pacer, int count, Histogram through) {
        int seen = 0;
        long giveUpNanos = pacer.dueNanos(count) + PATIENCE.toNanos();
        while (seen < count && System.nanoTime() < giveUpNanos) {
            for (var record : consumer.poll(POLL)) {
                int i = ByteBuffer.wrap(record.value()).getInt();
                through.recordValue(SubmissionLoad.limited(pacer.microsSinceDue(i), through));
                seen++;
            }
        }
        return seen;
    }
}
