package io.gpuctl.api.views;

import java.util.Set;
import java.util.TreeSet;

/**
 * A query for one instance, with the partitions that the asker believes it to own. If it owns others it refuses, since
 * the asker would take a part for the whole, or count a thing twice.
 */
record Question(Set<Integer> poolPartitions, Set<Integer> telemetryPartitions, ViewQuery<?> query) {
    Question {
        poolPartitions = new TreeSet<>(poolPartitions);
        telemetryPartitions = new TreeSet<>(telemetryPartitions);
    }
}
