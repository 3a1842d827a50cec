package io.gpuctl.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether the group coordinator knows the end of each transaction that has ended according to its log.
 *
 * <p>Offsets that a transaction commits are pending until its end. A broker that was killed (-9) between a
 * transaction's decision and its marker in {@code __consumer_offsets} writes the marker when it starts, while the
 * coordinator reads that log. In rare cases, Kafka 4.3 then keeps treating the offsets as pending although the marker
 * is in the log. A client that asks for its group's committed offsets, as every Kafka Streams task does before it
 * starts, is told to retry forever. Seen once in about fifty kills; the next start of the broker reads the same log
 * correctly.
 *
 * <p>Two cases are not detected: offsets that are pending while another transaction is open, such as the transaction of
 * a killed producer that no producer has replaced yet; and the first offsets that a group ever commits.
 */
final class PendingOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(PendingOffsets.class);

    private static final Duration PERIOD = Duration.ofMillis(100);

    /** The time limit for the coordinator to read its log. */
    private static final Duration LOADING = Duration.ofSeconds(60);

    /** The time limit for the coordinator to learn of a marker in the log. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Admin admin;
    private final Map<String, String> clientSettings;
    private final List<TopicPartition> logs;

    private enum Answer {
        SETTLED,
        PENDING,
        LOADING
    }

    private PendingOffsets(Admin admin, Map<String, String> clientSettings, List<TopicPartition> logs) {
        this.admin = admin;
        this.clientSettings = clientSettings;
        this.logs = logs;
    }

    /**
     * Returns false if the coordinator treats offsets of an ended transaction as pending, or does not reach the end of
     * its log (it restarts again and again if it is out of sync with the log). The broker must then be restarted.
     *
     * @param admin a client of the broker, which is the only one of its cluster
     * @param clientSettings the settings that reach the broker
     * @throws ExecutionException if the broker does not answer
     * @throws IOException if the broker does not answer
     */
    static boolean areKnown(Admin admin, Map<String, String> clientSettings)
            throws ExecutionException, IOException, InterruptedException {
        List<TopicPartition> logs = OpenTransaction.partitions(admin).stream()
                .filter(partition -> partition.topic().equals(Topic.GROUP_METADATA_TOPIC_NAME))
                .toList();
        return logs.isEmpty() || areKnown(admin, clientSettings, logs);
    }

    /** Checks like {@link #areKnown(Admin, Map)}, with these logs of {@code __consumer_offsets}. */
    static boolean areKnown(Admin admin, Map<String, String> clientSettings, List<TopicPartition> logs)
            throws ExecutionException, IOException, InterruptedException {
        return new PendingOffsets(admin, clientSettings, logs).areKnown();
    }

    private boolean areKnown() throws ExecutionException, IOException, InterruptedException {
        List<String> groups = admin.listGroups(new ListGroupsOptions()).all().get().stream()
                .map(GroupListing::groupId)
                .toList();
        if (groups.isEmpty()) {
            return true;
        }
        Node broker = admin.describeCluster().controller().get();
        try (var connection = new BrokerConnection(broker, clientSettings)) {
            long loadedByNanos = System.nanoTime() + LOADING.toNanos();
            Answer answer = ask(groups, connection);
            while (answer == Answer.LOADING && System.nanoTime() < loadedByNanos) {
                Thread.sleep(PERIOD);
                answer = ask(groups, connection);
            }
            if (answer == Answer.LOADING) {
                LOG.warn("The group coordinator has not read its log within {} s", LOADING.toSeconds());
                return false;
            }
            long knownByNanos = System.nanoTime() + PATIENCE.toNanos();
            // Offsets of a transaction that is open in the log are rightly pending, and end by themselves.
            while (answer == Answer.PENDING && OpenTransaction.in(logs, admin).isEmpty()) {
                if (System.nanoTime() >= knownByNanos) {
                    return false;
                }
                Thread.sleep(PERIOD);
                answer = ask(groups, connection);
            }
            return true;
        }
    }

    private static Answer ask(List<String> groups, BrokerConnection connection) throws IOException {
        var data = new OffsetFetchRequestData()
                .setRequireStable(true)
                .setGroups(groups.stream()
                        .map(group ->
                                new OffsetFetchRequestGroup().setGroupId(group).setTopics(null)) // All.
                        .toList());
        var response = (OffsetFetchResponse) connection.send(OffsetFetchRequest.Builder.forTopicNames(data, true));
        Answer answer = Answer.SETTLED;
        for (String group : groups) {
            OffsetFetchResponseGroup its = response.group(group);
            if (isLoading(Errors.forCode(its.errorCode()))) {
                return Answer.LOADING;
            }
            boolean isPending = its.topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .anyMatch(partition -> partition.errorCode() == Errors.UNSTABLE_OFFSET_COMMIT.code());
            answer = isPending ? Answer.PENDING : answer;
        }
        return answer;
    }

    private static boolean isLoading(Errors error) {
        return switch (error) {
            case COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR -> true;
            default -> false;
        };
    }
}
