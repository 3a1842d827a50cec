package io.gpuctl.api.views;

import java.util.Set;
import java.util.TreeSet;

/**
 * A query for one instance, with the partitions that the asking instance expects it to own. An instance that owns other
 * partitions refuses the query: otherwise the combined answer would miss or duplicate something.
 */
record Question(Set<Integer> poolPartitions, Set<Integer> telemetryPartitions, ViewQuery<?> query) {
    Question {
        poolPartitions = new TreeSet<>(poolPartitions);
        telemetryPartitions = new TreeSet<>(telemetryPartitions);
    }
}
