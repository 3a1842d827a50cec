package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.PoolId;

/**
 * Thrown for a record in a partition that is not the partition of its pool: its producer did not use the pool
 * partitioner.
 */
final class MisplacedRecordException extends RefusedRecordException {
    private static final long serialVersionUID = 1L;

    MisplacedRecordException(PoolId pool, int expected, int found) {
        super("Records of pool %s belong in partition %d, but this record is in partition %d"
                .formatted(pool, expected, found));
    }
}
