package io.gpuctl.orchestrator.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.AttemptId;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.TaskReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks that the energy in the facts of a whole log is the energy that nodes reported, each end of an attempt on a
 * node once.
 */
final class EnergyCheck {
    private EnergyCheck() {}

    /** An attempt on one start of a node. */
    private record Part(AttemptId attempt, NodeId nodeId, long incarnation) implements Comparable<Part> {
        static Part of(TaskReport report) {
            return new Part(
                    report.attempt(), report.source().nodeId(), report.source().incarnation());
        }

        @Override
        public int compareTo(Part other) {
            return Comparator.comparing(Part::attempt)
                    .thenComparing(Part::nodeId)
                    .thenComparingLong(Part::incarnation)
                    .compare(this, other);
        }
    }

    /** {@code reports} are by offset, as delivered; some of them twice. */
    static void check(List<Fact> facts, List<TaskReport> reports) {
        Set<Part> counted = new TreeSet<>();
        for (Fact fact : facts) {
            if (fact.event().energyMj() > 0) {
                assertThat(fact.cause().source()).isEqualTo("task-reports");
                TaskReport report = reports.get((int) fact.cause().offset());
                assertThat(fact.event().energyMj()).isEqualTo(report.energyMj());
                assertThat(counted.add(Part.of(report)))
                        .as("%s is counted once", report)
                        .isTrue();
            }
        }
        for (TaskReport report : reports) {
            if (report.energyMj() > 0 && !counted.contains(Part.of(report))) {
                assertThat(endsOfStart(facts, report.source()))
                        .as("%s is not counted, so that start of its node was over by the book", report)
                        .isNotEmpty();
            }
        }
    }

    /** Returns the facts that end this start of the node, and with it all attempts there. */
    private static List<ClusterEvent> endsOfStart(List<Fact> facts, TaskReport.Source source) {
        List<ClusterEvent> ends = new ArrayList<>();
        boolean isCurrent = false;
        for (Fact fact : facts) {
            if (fact.event() instanceof ClusterEvent.NodeRegistered registered
                    && registered.nodeId().equals(source.nodeId())) {
                boolean isThis = registered.incarnation() == source.incarnation();
                // A start with a lower number also replaces this start once it is lost: "instead of".
                if (registered.incarnation() > source.incarnation() || (isCurrent && !isThis)) {
                    ends.add(registered);
                }
                isCurrent = isThis;
            } else if (isCurrent
                    && fact.event() instanceof ClusterEvent.NodeShutDown down
                    && down.nodeId().equals(source.nodeId())) {
                ends.add(down);
            }
        }
        return ends;
    }
}
