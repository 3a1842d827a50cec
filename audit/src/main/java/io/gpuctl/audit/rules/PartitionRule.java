package io.gpuctl.audit.rules;

import io.gpuctl.events.PoolScoped;
import io.gpuctl.events.kafka.PoolPartitioner;

/**
 * Every record is in the partition of its pool. The other rules do not see a misplaced record, because all consumers
 * ignore it.
 */
final class PartitionRule {
    private static final String RULE = "partition";

    private final Violations violations;

    PartitionRule(Violations violations) {
        this.violations = violations;
    }

    /** Returns whether the record is in the right partition; adds a violation if not. */
    boolean check(Place place, PoolScoped value) {
        int partition = PoolPartitioner.partition(value.pool());
        if (place.partition() == partition) {
            return true;
        }
        violations.add(
                RULE,
                place,
                "A record of pool %s must be in partition %d: %s".formatted(value.pool(), partition, value));
        return false;
    }
}
