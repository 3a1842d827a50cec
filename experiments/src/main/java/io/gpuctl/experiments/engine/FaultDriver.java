package io.gpuctl.experiments.engine;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeInventory;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.faults.FaultPlan;
import io.gpuctl.simulator.faults.RepairTimes;
import io.gpuctl.simulator.model.NodeModel;
import io.gpuctl.simulator.model.ProgressReports;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Lets faults strike a virtual cluster, each at its time, as long as time passes, and counts them. */
final class FaultDriver {
    private final EventLoop loop;
    private final FaultPlan plan;
    private final RepairTimes repairs;
    private final Predicate<Fault> target;
    private final Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);

    /** @param target applies the fault and returns whether it struck; for example, a node that is down cannot crash */
    FaultDriver(Faults faults, List<NodeInventory> nodes, EventLoop loop, Predicate<Fault> target) {
        this.loop = loop;
        this.target = target;
        plan = new FaultPlan(faults.laws(), nodes, faults.seed(), loop.nowMs());
        repairs = new RepairTimes(faults.laws(), faults.fallback(), faults.seed());
        planNext();
    }

    /** Plans the next fault. A run does not wait for faults: time passes for other reasons. */
    private void planNext() {
        if (plan.nextAtMs() != FaultPlan.NEVER) {
            loop.asideAt(plan.nextAtMs(), this::strike);
        }
    }

    private void strike() {
        Fault fault = plan.next();
        if (target.test(fault)) {
            counts.merge(fault.kind(), 1L, Long::sum);
        }
        planNext();
    }

    /** Returns the habits of a node that may fault: its attempts report progress when they are slow. */
    NodeModel.Habits habits(NodeInventory node) {
        return new NodeModel.Habits(
                ProgressReports.WHEN_SLOW, () -> repairs.drawMs(node, FaultKind.THERMAL_SHUTDOWN, 0));
    }

    Map<FaultKind, Long> counts() {
        return Collections.unmodifiableMap(new EnumMap<>(counts));
    }
}
