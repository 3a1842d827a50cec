package io.gpuctl.cli.log;

import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.audit.log.PlacedRecord;
import io.gpuctl.events.kafka.KafkaConnection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records so that they get the offsets that they had, although there are gaps between them. Nobody can choose an
 * offset, but the end of a transaction takes one, and so does what an aborted transaction wrote, which nobody sees. A gap
 * of one is therefore made by committing the record before it, a wider one by a transaction that is aborted.
 *
 * <p>A record is held back until the next one of its partition tells how wide the gap behind it is. What cannot be kept is a
 * log that begins at offset 1. Not thread-safe.
 */
final class OffsetKeeper implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRANSACTION_TIMEOUT_MS = 600_000;

    private final RecordSender sender;
    private final Producer<byte @Nullable [], byte @Nullable []> transactions;
    private final Admin admin;
    private final Map<TopicPartition, PlacedRecord> held = new LinkedHashMap<>();

    /** @param sender what is written through it and has no gap behind it is not waited for */
    OffsetKeeper(KafkaConnection kafka, RecordSender sender) {
        this.sender = sender;
        transactions = new KafkaProducer<byte @Nullable [], byte @Nullable []>(
                kafka.with(RecordSender.settings(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        "gpuctl-log-import",
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        TRANSACTION_TIMEOUT_MS))),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        admin = Admin.create(kafka.with(Map.of("metric.reporters", "")));
        transactions.initTransactions();
    }

    /** Throws {@link RecordSender.RefusedException} if this or an earlier record was refused. */
    void send(PlacedRecord record) throws InterruptedException {
        LogPlace place = record.place();
        var partition = new TopicPartition(place.topic(), place.partition());
        PlacedRecord before = held.put(partition, record);
        long gap = place.offset() - (before == null ? 0 : before.place().offset() + 1);
        if (before != null) {
            sender.send(before, gap == 1 ? committed() : null);
        }
        if (gap == 1 && before != null) {
            finishTransaction(partition, place.offset(), Producer::commitTransaction);
        } else if (gap > 1) {
            skip(partition, gap, record);
        }
    }

    /** What is written next through the transactions' producer comes behind all that was sent before. */
    private Producer<byte @Nullable [], byte @Nullable []> committed() {
        sender.flush();
        transactions.beginTransaction();
        return transactions;
    }

    private void skip(TopicPartition partition, long gap, PlacedRecord next) throws InterruptedException {
        var filler = new ProducerRecord<byte @Nullable [], byte @Nullable []>(
                partition.topic(), partition.partition(), next.raw().timestampMs(), new byte[0], new byte[0]);
        committed();
        for (long i = 1; i < gap; i++) {
            var _ = transactions.send(filler);
        }
        finishTransaction(partition, next.place().offset(), Producer::abortTransaction);
    }

    private interface End {
        void of(Producer<byte @Nullable [], byte @Nullable []> producer);
    }

    /** Waits until the end stands in the log: the coordinator answers before. */
    private void finishTransaction(TopicPartition partition, long nextOffset, End end) throws InterruptedException {
        transactions.flush(); // To abort would forget what is not sent.
        end.of(transactions);
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        while (end(partition) < nextOffset) {
            if (System.nanoTime() > giveUpAtNanos) {
                throw new RecordSender.RefusedException(
                        "%s@%d: Kafka does not end the transaction before it".formatted(partition, nextOffset), null);
            }
            Thread.sleep(1);
        }
    }

    private long end(TopicPartition partition) throws InterruptedException {
        try {
            return admin.listOffsets(
                            Map.of(partition, OffsetSpec.latest()),
                            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaException("The end of " + partition + " is not known", e.getCause());
        }
    }

    /** Sends what is held back. */
    void finish() {
        held.values().forEach(sender::send);
        held.clear();
    }

    @Override
    public void close() {
        transactions.close(Duration.ZERO);
        admin.close(Duration.ofSeconds(1));
    }
}
