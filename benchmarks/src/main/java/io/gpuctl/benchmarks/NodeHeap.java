package io.gpuctl.benchmarks;

import io.gpuctl.events.LoadProfile;
import java.util.ArrayList;
import java.util.List;

/** Prints how much heap the physical model of a node takes: with nothing running, and with a task on each GPU. */
final class NodeHeap {
    private static final int NODES = 10_000;

    private NodeHeap() {}

    public static void main(String[] arguments) {
        new SimulatedNode(25).start(0, LoadProfile.TRAINING_SMALL, 0);
        long before = usedBytes();
        List<SimulatedNode> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(new SimulatedNode(25));
        }
        long idle = usedBytes();
        for (SimulatedNode node : nodes) {
            for (int gpu = 0; gpu < SimulatedNode.GPUS; gpu++) {
                node.start(gpu, LoadProfile.TRAINING_SMALL, 0);
            }
        }
        long busy = usedBytes();
        System.out.printf(
                "%d nodes of 8 GPUs: %d bytes each idle, %d with 8 tasks%n",
                nodes.size(), (idle - before) / NODES, (busy - before) / NODES);
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
