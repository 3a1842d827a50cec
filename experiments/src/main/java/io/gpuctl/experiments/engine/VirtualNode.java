package io.gpuctl.experiments.engine;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.host.NodeLife;
import io.gpuctl.simulator.host.Repairs;
import io.gpuctl.simulator.model.GpuPhysics;
import io.gpuctl.simulator.model.NodeModel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A node of a virtual cluster: its life, and what the event loop has planned for it. Only the cluster changes it. */
final class VirtualNode {
    private final NodeLife life;
    private final Repairs repairs;
    private final @Nullable NodeSensor sensor;

    /** The time at which the {@code sleeper} will be woken next; {@link NodeModel#NEVER} if no wake is planned. */
    private long wakeAtMs = NodeModel.NEVER;

    private @Nullable NodeModel sleeper;
    private EventLoop.@Nullable Planned wake;
    private boolean isWakeInBackground;
    private boolean isSamplePlanned;

    /** @param sensor null if the node is not measured */
    VirtualNode(NodeLife life, @Nullable NodeSensor sensor) {
        this.life = life;
        this.sensor = sensor;
        repairs = new Repairs(life);
    }

    /** A machine that enters the energy of its node into a ledger. */
    record Machine(NodeInventory inventory, GpuPhysics physics, EnergyLedger ledger, NodeModel.Habits habits)
            implements NodeLife.Machine {
        @Override
        public NodeModel boot(long incarnation, long nowMs) {
            return new NodeModel(inventory, incarnation, physics, nowMs, ledger, habits);
        }

        @Override
        public void goesDown(NodeModel model, long nowMs) {
            ledger.close(model, nowMs);
        }

        @Override
        public NodeInventory describe(NodeModel model) {
            return inventory; // No policy uses what a driver reports about its GPUs.
        }
    }

    NodeLife life() {
        return life;
    }

    Repairs repairs() {
        return repairs;
    }

    /** Returns null if the node is not measured. */
    @Nullable
    NodeSensor sensor() {
        return sensor;
    }

    /**
     * Plans to wake the node when its next event is due, in place of the wake planned before.
     *
     * @param breaks whether faults strike in this cluster. If so, the run does not wait for idle nodes: their next
     *     event is a repair, or a change of the rack's air, and only a task that needs the GPU waits for that
     */
    void planWake(EventLoop loop, boolean breaks, LongConsumer action) {
        NodeModel model = life.model();
        if (model == null) {
            return;
        }
        long plannedMs = sleeper == model ? wakeAtMs : NodeModel.NEVER;
        long nextMs = Math.max(loop.nowMs(), model.nextEventMs());
        boolean isInBackground = breaks && model.isIdle();
        if (nextMs != plannedMs || isInBackground != isWakeInBackground) {
            if (breaks) {
                loop.giveUp(wake);
            }
            wake = nextMs == NodeModel.NEVER
                    ? null
                    : isInBackground
                            ? loop.inBackgroundAt(nextMs, () -> action.accept(nextMs))
                            : loop.at(nextMs, () -> action.accept(nextMs));
        }
        sleeper = model;
        wakeAtMs = nextMs;
        isWakeInBackground = isInBackground;
    }

    /** Returns whether the node is to be woken now. If so, no further wake is planned. */
    boolean wakes(long nowMs) {
        if (wakeAtMs != nowMs || sleeper != life.model()) {
            return false;
        }
        wakeAtMs = NodeModel.NEVER;
        return true;
    }

    /** Returns whether the node is measured and its next sample is not planned yet. */
    boolean needsSample() {
        return sensor != null && !isSamplePlanned;
    }

    void samplePlanned(boolean isPlanned) {
        isSamplePlanned = isPlanned;
    }
}
