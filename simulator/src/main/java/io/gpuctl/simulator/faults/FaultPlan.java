package io.gpuctl.simulator.faults;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.random.Draws;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.DoubleStream;

/**
 * An endless sequence of faults of a set of nodes, drawn on demand from laws and a seed.
 *
 * <p>The faults of a node depend only on the seed, the laws, and the node's id and number of GPUs: not on other nodes
 * or on how far the plan was read. Drawing a fault takes O(log n) for n nodes. Faults in the same millisecond are in
 * the order of the nodes, then of the laws.
 */
public final class FaultPlan {
    /** Stands for the time of a fault that never happens. */
    public static final long NEVER = Long.MAX_VALUE;

    private final PriorityQueue<NodeFaults> byNext;

    /** @param startMs when the nodes start; no fault happens earlier */
    public FaultPlan(FaultLaws laws, List<NodeInventory> nodes, long seed, long startMs) {
        byNext = new PriorityQueue<>();
        int index = 0;
        for (var node : nodes) {
            double[] proneness = proneness(node, seed);
            var faults = new NodeFaults(
                    index++,
                    laws.of(node.gpuModel()).stream()
                            .map(law -> new LawClock(law, node, proneness, seed, startMs))
                            .toList());
            if (faults.nextAtMs() != NEVER) {
                byNext.add(faults);
            }
        }
    }

    /** Draws a number for each GPU, 0 to below 1. All laws share it, so that a lemon is a lemon for each of them. */
    private static double[] proneness(NodeInventory node, long seed) {
        var random = Draws.of(seed, "lemons/" + node.nodeId());
        return DoubleStream.generate(random::nextDouble).limit(node.gpuCount()).toArray();
    }

    /** Returns the time of the next fault, or {@link #NEVER}. */
    public long nextAtMs() {
        NodeFaults first = byNext.peek();
        return first == null ? NEVER : first.nextAtMs();
    }

    /**
     * Returns the next fault.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public Fault next() {
        NodeFaults first = byNext.remove();
        Fault fault = first.next();
        byNext.add(first);
        return fault;
    }

    /** The faults of one node. */
    private static final class NodeFaults implements Comparable<NodeFaults> {
        private final int index;
        private final List<LawClock> clocks;
        private int first;

        NodeFaults(int index, List<LawClock> clocks) {
            this.index = index;
            this.clocks = clocks;
            findFirst();
        }

        long nextAtMs() {
            return clocks.isEmpty() ? NEVER : clocks.get(first).nextAtMs();
        }

        Fault next() {
            Fault fault = clocks.get(first).next();
            findFirst();
            return fault;
        }

        private void findFirst() {
            first = 0;
            for (int i = 1; i < clocks.size(); i++) {
                first = clocks.get(i).nextAtMs() < clocks.get(first).nextAtMs() ? i : first;
            }
        }

        @Override
        public int compareTo(NodeFaults other) {
            int byTime = Long.compare(nextAtMs(), other.nextAtMs());
            return byTime != 0 ? byTime : Integer.compare(index, other.index);
        }
    }
}
