package io.gpuctl.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that left offsets open in {@code __consumer_offsets} for ever.
 *
 * <p>Seen with Kafka 4.3.1 once in eleven kills (-9) under load: after the restart the transaction's coordinator had it as
 * complete, but the partition of {@code __consumer_offsets} had got no marker. Nobody would ever write one, and whoever
 * takes over the group waits for it without end: {@code OffsetFetch} answers {@code UNSTABLE_OFFSET_COMMIT}.
 *
 * <p>Such offsets are aborted, as {@code kafka-transactions.sh abort} does it: what was read since is read again. That
 * is harmless for the groups of this project, whose state, committed by the same transaction, says that it has seen it.
 * Open transactions of other topics are left alone: to abort those could lose records that were committed.
 *
 * <p>Has a thread of its own, which looks every few seconds. A transaction hangs if two looks in a row find it open at the
 * same offset while its coordinator says that it is not going on.
 */
final class HangingOffsets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HangingOffsets.class);

    private static final String OFFSETS = "__consumer_offsets";
    private static final Duration PERIOD = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Set<TransactionState> GOING_ON = Set.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_EPOCH_FENCE,
            TransactionState.UNKNOWN);

    private final Admin admin;
    private final List<TopicPartition> partitions;
    private final Thread thread;
    private Set<Open> suspects = Set.of();

    /** A transaction as a partition has it. */
    record Open(TopicPartition partition, long producerId, int producerEpoch, int coordinatorEpoch, long startOffset) {
        static Open of(TopicPartition partition, ProducerState state) {
            return new Open(
                    partition,
                    state.producerId(),
                    state.producerEpoch(),
                    state.coordinatorEpoch().orElse(0),
                    state.currentTransactionStartOffset().orElseThrow());
        }
    }

    private HangingOffsets(Admin admin, int partitionCount) {
        this.admin = admin;
        partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(OFFSETS, partition))
                .toList();
        thread = Thread.ofPlatform().daemon().name("gpuctl-hanging-offsets").unstarted(this::watch);
    }

    static HangingOffsets watch(String bootstrapServers, int partitionCount) {
        int timeoutMs = Math.toIntExact(TIMEOUT.toMillis());
        var watcher = new HangingOffsets(
                Admin.create(Map.of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        AdminClientConfig.CLIENT_ID_CONFIG,
                        "gpuctl-hanging-offsets",
                        AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                        "",
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        timeoutMs,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        timeoutMs)),
                partitionCount);
        watcher.thread.start();
        return watcher;
    }

    private void watch() {
        try {
            while (true) {
                look();
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException _) {
            // close() was called.
        }
    }

    private void look() throws InterruptedException {
        try {
            Set<Open> hanging = notGoingOn(open());
            for (Open open : hanging) {
                if (suspects.contains(open)) {
                    abort(open);
                }
            }
            suspects = hanging;
        } catch (ExecutionException e) {
            suspects = Set.of();
            // There are no offsets before the first group commits some; and the broker may be busy, or be closing.
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                LOG.debug("Could not look for hanging offsets: {}", String.valueOf(e.getCause()));
            }
        }
    }

    private List<Open> open() throws ExecutionException, InterruptedException {
        List<Open> found = new ArrayList<>();
        admin.describeProducers(partitions)
                .all()
                .get()
                .forEach((partition, state) -> state.activeProducers().stream()
                        .filter(producer ->
                                producer.currentTransactionStartOffset().isPresent())
                        .forEach(producer -> found.add(Open.of(partition, producer))));
        return found;
    }

    private Set<Open> notGoingOn(List<Open> open) throws ExecutionException, InterruptedException {
        if (open.isEmpty()) {
            return Set.of();
        }
        Set<Long> producers = open.stream().map(Open::producerId).collect(Collectors.toSet());
        Collection<TransactionListing> known = admin.listTransactions(
                        new ListTransactionsOptions().filterProducerIds(producers))
                .all()
                .get();
        Set<Long> goingOn = known.stream()
                .filter(transaction -> GOING_ON.contains(transaction.state()))
                .map(TransactionListing::producerId)
                .collect(Collectors.toSet());
        return open.stream()
                .filter(transaction -> !goingOn.contains(transaction.producerId()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void abort(Open open) throws InterruptedException {
        try {
            admin.abortTransaction(new AbortTransactionSpec(
                            open.partition(), open.producerId(), (short) open.producerEpoch(), open.coordinatorEpoch()))
                    .all()
                    .get();
            LOG.warn(
                    "Offsets of a transaction that is over were left open in {} by producer {} since offset {}, and are"
                            + " aborted: what was read since is read again",
                    open.partition(),
                    open.producerId(),
                    open.startOffset());
        } catch (ExecutionException e) {
            LOG.error("Offsets that were left open in {} could not be aborted", open.partition(), e.getCause());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        admin.close(Duration.ZERO);
    }
}
