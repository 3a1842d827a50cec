package io.gpuctl.simulator.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The defects of a node, and the times of their repair. A restart of the node ends all of them.
 *
 * <p>A GPU is out of service until it is repaired, or until the node restarts.
 */
final class Ailments {
    private static final long WORKS = Long.MIN_VALUE;

    private final long[] outUntilMs;
    private final int[] xids;
    private final List<Slowness> slow = new ArrayList<>();
    private long restartMs = ThermalPath.NEVER;
    private long nextMs = ThermalPath.NEVER;

    /**
     * A slowdown of the work on a GPU or on the whole node.
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

    /** Restores the state of a suspended node. Call this before any other fault of the node. */
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

    /** Returns the XID that put the GPU out of service; 0 if the cause was not an XID. */
    int xid(int gpu) {
        return xids[gpu];
    }

    /** Puts a GPU out of service until {@code untilMs}; {@link ThermalPath#NEVER}: until the node restarts. */
    void putOut(int gpu, int xid, long untilMs) {
        outUntilMs[gpu] = untilMs;
        xids[gpu] = xid;
        findNext();
    }

    /** Puts the GPUs that are repaired by {@code nowMs} back into service, and returns them by index. */
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

    /** Ends the slowdowns that are over by {@code nowMs}, and returns whether there were any. */
    boolean speedUp(long nowMs) {
        boolean changed = slow.removeIf(slowness -> slowness.untilMs <= nowMs);
        findNext();
        return changed;
    }

    /** Returns the pace of an attempt on these GPUs, in thousandths of the work that its clock alone would allow. */
    int paceMilli(List<Integer> gpus) {
        int pace = GpuPhysics.FULL_CLOCK_MILLI;
        for (var slowness : slow) {
            if (slowness.gpu < 0 || gpus.contains(slowness.gpu)) {
                pace = Math.min(pace, slowness.paceMilli);
            }
        }
        return pace;
    }

    /** Makes the node need a restart at {@code atMs}; of several times, the latest applies. */
    void needRestart(long atMs) {
        restartMs = restartMs == ThermalPath.NEVER ? atMs : Math.max(restartMs, atMs);
    }

    long restartMs() {
        return restartMs;
    }

    /** Returns when the next repair is done. */
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
