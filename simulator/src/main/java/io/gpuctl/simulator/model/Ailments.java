package io.gpuctl.simulator.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What does not work on a node, and when it is repaired. A new start of the node has nothing of it.
 *
 * <p>A GPU is out until it is repaired, or until the node starts anew.
 */
final class Ailments {
    private static final long WORKS = Long.MIN_VALUE;

    private final long[] outUntilMs;
    private final int[] xids;
    private final List<Slowness> slow = new ArrayList<>();
    private long restartMs = ThermalPath.NEVER;
    private long nextMs = ThermalPath.NEVER;

    /**
     * Something slows work down.
     *
     * @param gpu -1: the node as a whole
     */
    private record Slowness(int gpu, int paceMilli, long untilMs) {}

    Ailments(int gpus) {
        outUntilMs = new long[gpus];
        Arrays.fill(outUntilMs, WORKS);
        xids = new int[gpus];
    }

    List<SuspendedNode.Outage> outages(long nowMs) {
        List<SuspendedNode.Outage> outages = new ArrayList<>();
        for (int gpu = 0; gpu < outUntilMs.length; gpu++) {
            if (isOut(gpu)) {
                outages.add(new SuspendedNode.Outage(gpu, xids[gpu], SuspendedNode.relative(outUntilMs[gpu], nowMs)));
            }
        }
        return outages;
    }

    List<SuspendedNode.Slowness> slownesses(long nowMs) {
        return slow.stream()
                .map(slowness -> new SuspendedNode.Slowness(
                        slowness.gpu, slowness.paceMilli, SuspendedNode.relative(slowness.untilMs, nowMs)))
                .toList();
    }

    /** To be called before anything else ails the node. */
    void resume(SuspendedNode node, long nowMs) {
        for (var outage : node.outages()) {
            putOut(outage.gpu(), outage.xid(), SuspendedNode.absolute(outage.untilMs(), nowMs));
        }
        for (var slowness : node.slownesses()) {
            slowDown(slowness.gpu(), slowness.paceMilli(), SuspendedNode.absolute(slowness.untilMs(), nowMs));
        }
        restartMs = SuspendedNode.absolute(node.restartMs(), nowMs);
    }

    boolean isOut(int gpu) {
        return outUntilMs[gpu] != WORKS;
    }

    /** What put it out; 0 if no driver's error did. */
    int xid(int gpu) {
        return xids[gpu];
    }

    /** It works again at that time; {@link ThermalPath#NEVER}: when the node starts anew. */
    void putOut(int gpu, int xid, long untilMs) {
        outUntilMs[gpu] = untilMs;
        xids[gpu] = xid;
        findNext();
    }

    /** The GPUs that work again by then, in their order: from now on. */
    List<Integer> restore(long nowMs) {
        List<Integer> restored = new ArrayList<>();
        for (int gpu = 0; gpu < outUntilMs.length; gpu++) {
            if (outUntilMs[gpu] != WORKS && outUntilMs[gpu] <= nowMs) {
                outUntilMs[gpu] = WORKS;
                restored.add(gpu);
            }
        }
        findNext();
        return restored;
    }

    void slowDown(int gpu, int paceMilli, long untilMs) {
        slow.add(new Slowness(gpu, paceMilli, untilMs));
        findNext();
    }

    /** Whether something that slowed work down by then does not any more. */
    boolean speedUp(long nowMs) {
        boolean changed = slow.removeIf(slowness -> slowness.untilMs <= nowMs);
        findNext();
        return changed;
    }

    /** Thousandths of the work that the clock would do, of one that runs on these GPUs. */
    int paceMilli(List<Integer> gpus) {
        int pace = GpuPhysics.FULL_CLOCK_MILLI;
        for (var slowness : slow) {
            if (slowness.gpu < 0 || gpus.contains(slowness.gpu)) {
                pace = Math.min(pace, slowness.paceMilli);
            }
        }
        return pace;
    }

    /** The node must be started anew then; of several times the last. */
    void needRestart(long atMs) {
        restartMs = restartMs == ThermalPath.NEVER ? atMs : Math.max(restartMs, atMs);
    }

    long restartMs() {
        return restartMs;
    }

    /** When something is repaired next. */
    long nextMs() {
        return nextMs;
    }

    private void findNext() {
        nextMs = ThermalPath.NEVER;
        for (long untilMs : outUntilMs) {
            nextMs = untilMs == WORKS ? nextMs : Math.min(nextMs, untilMs);
        }
        for (var slowness : slow) {
            nextMs = Math.min(nextMs, slowness.untilMs);
        }
    }
}
