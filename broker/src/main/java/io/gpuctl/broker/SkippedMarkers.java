package io.gpuctl.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the markers of transactions that were decided before a broker was killed, if the broker skipped them at its
 * restart.
 *
 * <p>A transaction is decided when its coordinator has recorded the commit; then each partition gets a marker. After a
 * kill (-9) in between, the next start writes the missing markers. But Kafka 4.3 mistakes a partition without a leader,
 * which is possible while a broker starts, for a deleted one. Kafka then skips the partition
 * ({@code KRaftMetadataCache.getPartitionLeaderEndpoint} has no answer, {@code TransactionMarkerChannelManager} says
 * "likely to be deleted already") and records that the transaction is complete. The transaction would then stay open in
 * that partition: readers of committed records stop before it forever, and a program that restores state from the
 * partition misses everything after it. Seen about once in twenty kills.
 *
 * <p>This class therefore runs at each start of a broker, before clients use it. A client that connected earlier could
 * begin its next transaction, and the result of the previous one would then be unknown.
 */
final class SkippedMarkers {
    private static final Logger LOG = LoggerFactory.getLogger(SkippedMarkers.class);

    /** The time limit for the coordinator to load its transactions and to write the markers that it does not skip. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The transaction version of all clusters that this broker formats: KIP-890. */
    private static final short TRANSACTION_VERSION = 2;

    private static final Duration PERIOD = Duration.ofMillis(100);

    /** States in which the coordinator writes the markers itself, now or when the transaction ends. */
    private static final Set<TransactionState> GOING_ON = Set.of(
            TransactionState.ONGOING,
            TransactionState.PREPARE_COMMIT,
            TransactionState.PREPARE_ABORT,
            TransactionState.PREPARE_EPOCH_FENCE);

    private static final Set<TransactionState> ENDING = Set.of(
            TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT, TransactionState.PREPARE_EPOCH_FENCE);

    private final Admin admin;
    private final Map<String, String> clientSettings;
    private final List<TopicPartition> partitions;

    private SkippedMarkers(Admin admin, Map<String, String> clientSettings, List<TopicPartition> partitions) {
        this.admin = admin;
        this.clientSettings = clientSettings;
        this.partitions = partitions;
    }

    /**
     * Writes the missing markers. A transaction whose result is unknown is only logged.
     *
     * @param admin a client of the broker, which is the only one of its cluster
     * @param clientSettings the settings that reach the broker
     * @throws ExecutionException if the broker does not answer
     * @throws IOException if the broker does not accept a marker
     */
    static void write(Admin admin, Map<String, String> clientSettings)
            throws ExecutionException, IOException, InterruptedException {
        List<TopicPartition> partitions = OpenTransaction.partitions(admin);
        if (!partitions.isEmpty()) {
            new SkippedMarkers(admin, clientSettings, partitions).write();
        }
    }

    private void write() throws ExecutionException, IOException, InterruptedException {
        long giveUpAtNanos = System.nanoTime() + PATIENCE.toNanos();
        List<OpenTransaction> open = open();
        Map<Long, TransactionDescription> coordinators = coordinators(open);
        while (isAnyUnsettled(open, coordinators) && System.nanoTime() < giveUpAtNanos) {
            Thread.sleep(PERIOD);
            open = open();
            coordinators = coordinators(open);
        }
        // A transaction that was open before its coordinator was asked may have ended since. If it is still open
        // although the coordinator says that it has ended, its marker was skipped.
        List<OpenTransaction> still = open.isEmpty() ? open : open();
        for (OpenTransaction transaction : open) {
            TransactionDescription coordinator = coordinators.get(transaction.producerId());
            boolean isGoingOn = coordinator != null && GOING_ON.contains(coordinator.state());
            if (still.contains(transaction) && !isGoingOn) {
                end(transaction, coordinator);
            }
        }
    }

    private static boolean isAnyUnsettled(List<OpenTransaction> open, Map<Long, TransactionDescription> coordinators) {
        return open.stream()
                .map(transaction -> coordinators.get(transaction.producerId()))
                .anyMatch(coordinator -> coordinator == null || ENDING.contains(coordinator.state()));
    }

    private void end(OpenTransaction transaction, @Nullable TransactionDescription coordinator)
            throws ExecutionException, IOException, InterruptedException {
        TransactionResult result = coordinator == null ? null : result(transaction, coordinator);
        if (coordinator == null || result == null) {
            LOG.error(
                    "Whether a transaction committed is unknown: {}. Until you end it with kafka-transactions.sh abort,"
                            + " readers of committed records stop before it. Its coordinator says {}",
                    transaction,
                    coordinator);
            return;
        }
        var marker = new TxnMarkerEntry(
                transaction.producerId(),
                (short) coordinator.producerEpoch(),
                transaction.producer().coordinatorEpoch().orElse(0),
                result,
                List.of(transaction.partition()),
                TRANSACTION_VERSION);
        Node broker = admin.describeCluster().controller().get();
        try (var connection = new BrokerConnection(broker, clientSettings)) {
            var response =
                    (WriteTxnMarkersResponse) connection.send(new WriteTxnMarkersRequest.Builder(List.of(marker)));
            Errors error = response.errorsByProducerId()
                    .getOrDefault(transaction.producerId(), Map.of())
                    .getOrDefault(transaction.partition(), Errors.UNKNOWN_SERVER_ERROR);
            if (error != Errors.NONE) {
                throw new IOException("%s for the marker of the transaction in %s".formatted(error, transaction));
            }
        }
        LOG.warn("Wrote a marker that the broker had skipped: {} of the transaction in {}", result, transaction);
    }

    /** Returns the result of a transaction; null if its coordinator describes another transaction by now. */
    private static @Nullable TransactionResult result(OpenTransaction transaction, TransactionDescription coordinator) {
        // The end of a transaction raises its producer's epoch by one.
        if (coordinator.producerEpoch() != transaction.producer().producerEpoch() + 1) {
            return null;
        }
        return switch (coordinator.state()) {
            case COMPLETE_COMMIT -> TransactionResult.COMMIT;
            case COMPLETE_ABORT -> TransactionResult.ABORT;
            case ONGOING, PREPARE_COMMIT, PREPARE_ABORT, PREPARE_EPOCH_FENCE, EMPTY, UNKNOWN -> null;
        };
    }

    private List<OpenTransaction> open() throws ExecutionException, InterruptedException {
        return OpenTransaction.in(partitions, admin);
    }

    /** Returns the coordinators' descriptions of the transactions, by producer. */
    private Map<Long, TransactionDescription> coordinators(List<OpenTransaction> open)
            throws ExecutionException, InterruptedException {
        Set<Long> producers = open.stream().map(OpenTransaction::producerId).collect(Collectors.toSet());
        if (producers.isEmpty()) {
            return Map.of();
        }
        List<String> ids =
                admin.listTransactions(new ListTransactionsOptions().filterProducerIds(producers)).all().get().stream()
                        .map(TransactionListing::transactionalId)
                        .toList();
        return admin.describeTransactions(ids).all().get().values().stream()
                .collect(Collectors.toMap(TransactionDescription::producerId, Function.identity()));
    }
}
