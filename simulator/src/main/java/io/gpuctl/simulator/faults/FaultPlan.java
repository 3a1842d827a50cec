package io.gpuctl.simulator.faults;

import io.gpuctl.events.NodeInventory;
import java.util.List;
import java.util.PriorityQueue;

/**
 * All faults of some nodes, one after the other, without end: drawn from laws and a seed, as they are asked for.
 *
 * <p>What befalls a node depends on the seed, the laws, the node's id and number of GPUs, and on nothing else: neither the
 * other nodes nor how far the plan was read. A fault takes O(log n) for n nodes; faults of one millisecond come in the
 * order of the nodes, then of the laws.
 */
public final class FaultPlan {
    /** No fault will come. */
    public static final long NEVER = Long.MAX_VALUE;

    private final PriorityQueue<NodeFaults> byNext;

    /**
     * @param startMs when the nodes start; no fault is before that
     */
    public FaultPlan(FaultLaws laws, List<NodeInventory> nodes, long seed, long startMs) {
        byNext = new PriorityQueue<>();
        int index = 0;
        for (var node : nodes) {
            var faults = new NodeFaults(
                    index++,
                    laws.all().stream()
                            .map(law -> new LawClock(law, node, seed, startMs))
                            .toList());
            if (faults.nextAtMs() != NEVER) {
                byNext.add(faults);
            }
        }
    }

    /** When the next fault is, or {@link #NEVER}. */
    public long nextAtMs() {
        NodeFaults first = byNext.peek();
        return first == null ? NEVER : first.nextAtMs();
    }

    /**
     * The next fault.
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
