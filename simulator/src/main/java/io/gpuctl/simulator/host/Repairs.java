package io.gpuctl.simulator.host;

import io.gpuctl.events.FaultKind;
import io.gpuctl.simulator.faults.Fault;
import io.gpuctl.simulator.model.NodeModel;
import org.jspecify.annotations.Nullable;

/**
 * Plans how one node comes back to service. A plan is valid for one outage: it is void once the node has started, gone
 * down, been cut off or reconnected since.
 *
 * <p>Schedules nothing: the caller carries out a plan at its time, if {@link #isValid}. Times are cluster time, ms. Not
 * thread-safe: for the thread that runs the nodes.
 */
public final class Repairs {
    private final NodeLife life;
    private @Nullable Plan outageEnd;
    private @Nullable Plan restart;

    /** How a node comes back. */
    public enum Kind {
        /** The node starts anew. */
        RESTART,
        /** The node is reached again. */
        RECONNECT
    }

    /**
     * What is to be done.
     *
     * @param outage see {@link NodeLife#outage}
     */
    public record Plan(Kind kind, long atMs, long outage) {}

    public Repairs(NodeLife life) {
        this.life = life;
    }

    /** How the node comes back after this fault, which has just struck it; null if the fault did not silence the node. */
    public @Nullable Plan after(Fault fault, long nowMs) {
        boolean silences = fault.kind() == FaultKind.NODE_CRASH || fault.kind() == FaultKind.PARTITION;
        return silences && life.isSilent() ? endOutageAt(nowMs + Math.max(1, fault.repairMs())) : null;
    }

    /** The outage in which the node is ends then: a node that is up reconnects, one that is down starts. */
    public Plan endOutageAt(long atMs) {
        var plan = new Plan(life.model() == null ? Kind.RESTART : Kind.RECONNECT, atMs, life.outage());
        outageEnd = plan;
        return plan;
    }

    /** When the present outage ends; {@link NodeModel#NEVER} if there is none, or that is not planned. */
    public long outageEndsMs() {
        return outageEnd != null && isValid(outageEnd) ? outageEnd.atMs() : NodeModel.NEVER;
    }

    /**
     * The restart that something broken on the node needs. To be asked whenever the node has changed.
     *
     * @return null if the node needs none, if that restart was returned before, or while the node cannot be reached: it is
     *     planned once the node can be
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

    /** Whether the node needs a restart to be repaired, and is up. */
    public boolean awaitsRestart() {
        NodeModel model = life.model();
        return model != null && model.restartMs() != NodeModel.NEVER;
    }

    /** Whether the plan still holds: it was not replaced, and the node is in the outage for which the plan was made. */
    public boolean isValid(Plan plan) {
        return plan.outage() == life.outage() && (plan.equals(outageEnd) || plan.equals(restart));
    }
}
