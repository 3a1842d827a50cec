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
 * Writes records so that they keep their offsets, including gaps. A producer cannot choose offsets. But the end of a
 * transaction takes one offset, and records of an aborted transaction take offsets although readers skip them. So a gap
 * of one offset is made by committing the record before it, and a wider gap by an aborted transaction.
 *
 * <p>A record is held back until the next record of its partition shows how wide the gap between them is. A log that
 * begins at offset 1 cannot be kept. Not thread-safe.
 */
final class OffsetKeeper implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TRANSACTION_TIMEOUT_MS = 600_000;

    private final RecordSender sender;
    private final Producer<byte @Nullable [], byte @Nullable []> transactions;
    private final Admin admin;
    private final Map<TopicPartition, PlacedRecord> held = new LinkedHashMap<>();

    /** @param sender sends the records that no gap follows, without waiting for each of them */
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

    /** Sends a record; throws {@link RecordSender.RefusedException} if this or an earlier record was refused. */
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

    /** Flushes all earlier records first, so that the transactional producer writes after them. */
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

    /** Waits until the end of the transaction is in the log: the coordinator answers earlier. */
    private void finishTransaction(TopicPartition partition, long nextOffset, End end) throws InterruptedException {
        transactions.flush(); // An abort would drop unsent records.
        end.of(transactions);
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        while (end(partition) < nextOffset) {
            if (System.nanoTime() > giveUpAtNanos) {
                throw new RecordSender.RefusedException(
                        "%s@%d: Kafka does not end the transaction before this record".formatted(partition, nextOffset),
                        null);
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

    /** Sends all records that are still held back. */
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
