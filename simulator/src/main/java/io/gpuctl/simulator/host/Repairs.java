package io.gpuctl.simulator.host;

import io.gpuctl.events.FaultKind;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.NodeModel;
import org.jspecify.annotations.Nullable;

/**
 * Plans how one node comes back into service. A plan is valid for one outage: it is void once the node starts, goes
 * down, is cut off or reconnects.
 *
 * <p>Schedules nothing: the caller carries out each plan at its time, if {@link #isValid}. Times are cluster time, ms.
 * Not thread-safe: for the thread that runs the nodes.
 */
public final class Repairs {
    private final NodeLife life;
    private @Nullable Plan outageEnd;
    private @Nullable Plan restart;

    /** The way in which a node comes back. */
    public enum Kind {
        /** The node restarts. */
        RESTART,
        /** The node reconnects. */
        RECONNECT
    }

    /**
     * A planned restart or reconnect.
     *
     * @param outage see {@link NodeLife#outage}
     */
    public record Plan(Kind kind, long atMs, long outage) {}

    public Repairs(NodeLife life) {
        this.life = life;
    }

    /** Returns how the node comes back after a fault that has just hit it; null if the node can still send. */
    public @Nullable Plan after(Fault fault, long nowMs) {
        boolean silences = fault.kind() == FaultKind.NODE_CRASH || fault.kind() == FaultKind.PARTITION;
        return silences && life.isSilent() ? endOutageAt(nowMs + Math.max(1, fault.repairMs())) : null;
    }

    /** Plans the end of the node's present outage: a node that is up reconnects, a node that is down starts. */
    public Plan endOutageAt(long atMs) {
        var plan = new Plan(life.model() == null ? Kind.RESTART : Kind.RECONNECT, atMs, life.outage());
        outageEnd = plan;
        return plan;
    }

    /** Returns when the present outage ends; {@link NodeModel#NEVER} if its end is not planned, or there is none. */
    public long outageEndsMs() {
        return outageEnd != null && isValid(outageEnd) ? outageEnd.atMs() : NodeModel.NEVER;
    }

    /**
     * Returns the restart that a repair of the node needs. Call this whenever the node has changed.
     *
     * @return null if the node is down, needs no restart, or the restart was returned before; also while the node is
     *     cut off: the restart is planned once the node reconnects
     */
    public @Nullable Plan restart() {
        NodeModel model = life.model();
        if (model == null || life.isCutOff() || model.restartMs() == NodeModel.NEVER) {
            return null;
        }
        var plan = new Plan(Kind.RESTART, model.restartMs(), life.outage());
        if (plan.equals(restart)) {
            return null;
        }
        restart = plan;
        return plan;
    }

    /** Returns whether the node is up and needs a restart for a repair. */
    public boolean awaitsRestart() {
        NodeModel model = life.model();
        return model != null && model.restartMs() != NodeModel.NEVER;
    }

    /** Returns whether the plan still holds: it has not been replaced, and the node's outage is still the same. */
    public boolean isValid(Plan plan) {
        return plan.outage() == life.outage() && (plan.equals(outageEnd) || plan.equals(restart));
    }
}
