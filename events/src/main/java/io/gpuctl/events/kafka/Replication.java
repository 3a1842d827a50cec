package io.gpuctl.events.kafka;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The number of copies of each partition.
 *
 * @param factor copies of a partition, on as many brokers
 * @param minInSync copies that must have a record before it counts as written ({@code min.insync.replicas}): with fewer
 *     brokers up, the topic accepts no records
 */
public record Replication(int factor, int minInSync) {
    /** The maximum number of copies, unless the operator asks for more: further copies cost more than they save. */
    private static final int FACTOR_MAX = 3;

    /** @throws IllegalArgumentException unless 1 &lt;= minInSync &lt;= factor */
    public Replication {
        if (minInSync < 1 || factor < minInSync) {
            throw new IllegalArgumentException(
                    "min.insync.replicas is %d, but must be between 1 and the replication factor %d"
                            .formatted(minInSync, factor));
        }
    }

    /**
     * Returns a safe choice for that many brokers. With three or more brokers, an acknowledged record is on two of
     * them, and one broker may be down. With two brokers, one may be down too, but the newest records may be lost with
     * the other one. With one broker, there is one copy.
     */
    public static Replication forBrokers(int brokers) {
        return ofFactor(Math.clamp(brokers, 1, FACTOR_MAX));
    }

    /** Returns the replication with this many copies: of more than two copies, most must have a record. */
    public static Replication ofFactor(int factor) {
        return new Replication(factor, factor <= 2 ? 1 : factor / 2 + 1);
    }

    /**
     * Returns how many copies of the facts there are. Kafka Streams makes as many copies of the changelogs that it
     * creates, so that stored state is as safe as the facts from which it is made.
     *
     * @throws KafkaException if the cluster does not answer, or the topic of the facts does not exist
     */
    public static Replication ofFacts(KafkaConnection kafka) {
        try (var admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.METRIC_REPORTER_CLASSES_CONFIG,
                "",
                AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                false)))) {
            String facts = Topics.CLUSTER_EVENTS.name();
            return ObservedCluster.of(admin, facts)
                    .map(ObservedTopic::replication)
                    .orElseThrow(
                            () -> new KafkaException("Topic %s is missing, or hidden from this user".formatted(facts)));
        } catch (ExecutionException e) {
            throw new KafkaException("The replication of the facts cannot be read: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public String toString() {
        return "replication factor %d, min.insync.replicas %d".formatted(factor, minInSync);
    }
}
