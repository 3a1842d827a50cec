package io.gpuctl.events.kafka;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * How many brokers have a copy of each partition.
 *
 * @param factor copies of a partition, on as many brokers
 * @param minInSync copies that must have a record before it counts as written ({@code min.insync.replicas}): with fewer
 *     brokers up, the topic takes no records
 */
public record Replication(int factor, int minInSync) {
    /** More copies than this cost more than they save, unless somebody asks for them. */
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
     * What is safe on that many brokers: with three or more, a record that was acknowledged is on two, and one broker may be
     * away. With two, one may be away too, and what it had last may be lost with the other one. One keeps what it has.
     */
    public static Replication forBrokers(int brokers) {
        return ofFactor(Math.clamp(brokers, 1, FACTOR_MAX));
    }

    /** With more than two copies, most of them must have a record. */
    public static Replication ofFactor(int factor) {
        return new Replication(factor, factor <= 2 ? 1 : factor / 2 + 1);
    }

    /**
     * How many copies there are of the facts. Kafka Streams makes as many of the changelogs that it creates: what an
     * application has stored is no safer than what it was made from, and need not be less safe.
     *
     * @throws KafkaException if the cluster does not answer, or has no such topic
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
            throw new KafkaException(
                    "How many copies there are of the facts is not known: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public String toString() {
        return "replication factor %d, min.insync.replicas %d".formatted(factor, minInSync);
    }
}
