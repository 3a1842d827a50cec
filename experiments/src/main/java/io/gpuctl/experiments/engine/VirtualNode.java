package io.gpuctl.experiments.engine;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.model.GpuPhysics;
import io.gpuctl.simulator.model.NodeModel;
import org.jspecify.annotations.Nullable;

/** A node of a virtual cluster: its model while it is up, and what is planned for it. Changed by the cluster alone. */
final class VirtualNode {
    private final NodeInventory inventory;
    private final GpuPhysics physics;
    private final @Nullable NodeSensor sensor;
    private @Nullable NodeModel model;
    private long incarnation;

    /** When it will be woken next; {@link NodeModel#NEVER} if that is not planned. */
    long wakeAtMs = NodeModel.NEVER;
    /** Whether its next sample is planned. */
    boolean isMeasured;

    VirtualNode(NodeInventory inventory, GpuPhysics physics, @Nullable NodeSensor sensor) {
        this.inventory = inventory;
        this.physics = physics;
        this.sensor = sensor;
    }

    /** It starts, or starts anew: nothing runs on it. */
    void start(long nowMs) {
        stop();
        incarnation++;
        model = new NodeModel(inventory, incarnation, physics, nowMs);
        if (sensor != null) {
            sensor.forget();
        }
    }

    void stop() {
        model = null;
        wakeAtMs = NodeModel.NEVER;
    }

    NodeInventory inventory() {
        return inventory;
    }

    long incarnation() {
        return incarnation;
    }

    /** Null while it is down. */
    @Nullable
    NodeModel model() {
        return model;
    }

    /** Null if nodes are not measured, or this one has no GPUs. */
    @Nullable
    NodeSensor sensor() {
        return sensor;
    }
}
