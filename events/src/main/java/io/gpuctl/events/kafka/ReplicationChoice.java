package io.gpuctl.events.kafka;

import java.util.OptionalInt;

/**
 * The number of copies that the creator of the topics asks for. Values that are left open follow from the number of
 * brokers, see {@link Replication#forBrokers}.
 *
 * @param factor copies of each partition
 * @param minInSync copies that must have a record before it counts as written
 */
public record ReplicationChoice(OptionalInt factor, OptionalInt minInSync) {
    /** The choice that follows from the number of brokers. */
    public static final ReplicationChoice BY_BROKERS = new ReplicationChoice(OptionalInt.empty(), OptionalInt.empty());

    /**
     * Returns the replication for a cluster.
     *
     * @param brokers number of brokers of the cluster, including those that are down
     * @throws IllegalArgumentException if there are fewer brokers than copies
     */
    public Replication on(int brokers) {
        if (factor.isPresent() && factor.getAsInt() > brokers) {
            throw new IllegalArgumentException("the replication factor is %d, but the cluster has %d %s"
                    .formatted(factor.getAsInt(), brokers, brokers == 1 ? "broker" : "brokers"));
        }
        var byFactor = factor.isPresent() ? Replication.ofFactor(factor.getAsInt()) : Replication.forBrokers(brokers);
        return minInSync.isPresent() ? new Replication(byFactor.factor(), minInSync.getAsInt()) : byFactor;
    }
}
