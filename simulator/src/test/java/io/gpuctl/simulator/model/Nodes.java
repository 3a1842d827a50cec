package io.gpuctl.simulator.model;

import io.gpuctl.events.Allocation;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand.StartAttempt;
import io.gpuctl.events.NodeCommand.StopAttempt;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.Work;
import java.util.List;

/** A node with 8 A100s, 128 cores and 1 TiB, and commands for it. */
final class Nodes {
    static final NodeId ID = new NodeId("node-1");
    static final long INCARNATION = 7;
    static final long START_MS = 1_767_225_600_000L;
    /** Power of one GPU at full load and full clock, W; multiplied by ms, it gives mJ. */
    static final long FULL_WATTS = 400;

    static final double COOL = 25;
    /** Full load leads to 90.5 C at full clock: the GPU throttles at 85 C, and holds 82 C at a lower clock. */
    static final double HOT = 45;
    /** The lowest clock leads to 90 C: hardware slows down at 89 C. */
    static final double SCORCHING = 76;

    static final GpuPhysics PHYSICS = GpuPhysics.typical(inventory(COOL));

    private Nodes() {}

    static NodeInventory inventory(double ambientCelsius) {
        return new NodeInventory(
                ID, PoolId.DEFAULT, "A100-SXM4-80GB", 8, 81_920, 128_000, 1_048_576, 60, 400, ambientCelsius, 85);
    }

    static NodeModel model(double ambientCelsius) {
        return new NodeModel(inventory(ambientCelsius), INCARNATION, PHYSICS, START_MS);
    }

    /** Returns a node with a power limit, whose GPUs draw 400 W without it. */
    static NodeModel capped(double ambientCelsius, double limitWatts) {
        var inventory = new NodeInventory(
                ID, PoolId.DEFAULT, "A100", 8, 81_920, 128_000, 1_048_576, 60, limitWatts, ambientCelsius, 85);
        return new NodeModel(inventory, INCARNATION, PHYSICS, START_MS);
    }

    static AttemptId attempt(String task) {
        return new AttemptId(new TaskId(task), 1);
    }

    static Allocation wholeGpus(Integer... indexes) {
        return new Allocation(ID, INCARNATION, List.of(indexes), 1000, 40_960, 1000, 1024);
    }

    static Allocation share(int index, int milli, long gpuMemoryMib) {
        return new Allocation(ID, INCARNATION, List.of(index), milli, gpuMemoryMib, 1000, 1024);
    }

    static Allocation cpuOnly() {
        return new Allocation(ID, INCARNATION, List.of(), 0, 0, 4000, 4096);
    }

    static StartAttempt start(String task, Allocation allocation, Work work) {
        return new StartAttempt(PoolId.DEFAULT, attempt(task), allocation, work, 0, START_MS);
    }

    static StopAttempt stop(String task) {
        return new StopAttempt(PoolId.DEFAULT, ID, INCARNATION, attempt(task), START_MS);
    }

    static Work fullLoad(long durationMs) {
        return new Work(durationMs, 1, 0);
    }
}
