package io.gpuctl.telemetry.views;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.NodeCondition;
import io.gpuctl.events.NodeState;
import org.jspecify.annotations.Nullable;

/** Applies facts to one node. */
public final class NodeFold {
    private NodeFold() {}

    /**
     * Returns the node after a fact about it.
     *
     * @param before null for an unknown node
     * @param event the event of the fact
     * @return null if the node is unknown, so that the fact changes nothing
     */
    public static @Nullable NodeRecord apply(@Nullable NodeRecord before, Fact fact, ClusterEvent.OfNode event) {
        NodeRecord after = change(before, fact, event);
        if (after == null) {
            return null;
        }
        boolean wasHere = before != null && before.inventory().pool().equals(fact.pool());
        return after.settled(before != null && wasHere ? before.outage() : null, fact.atMs());
    }

    /**
     * Returns whether the fact is kept in the node's history. Frequent facts are not, since they would push out
     * important ones: measured conditions, stopped or released attempts, and reports of the pace.
     */
    static boolean isRemembered(ClusterEvent.OfNode event) {
        return switch (event) {
            case ClusterEvent.NodeConditionChanged _,
                    ClusterEvent.StrayStopped _,
                    ClusterEvent.AllocationReleased _,
                    ClusterEvent.NodeSlow _,
                    ClusterEvent.NodeOnPace _ -> false;
            case ClusterEvent.NodeRegistered _,
                    ClusterEvent.NodeSuspected _,
                    ClusterEvent.NodeRecovered _,
                    ClusterEvent.NodeLost _,
                    ClusterEvent.NodeFaulted _,
                    ClusterEvent.NodeShutDown _,
                    ClusterEvent.GpuTakenOut _,
                    ClusterEvent.GpuReturned _,
                    ClusterEvent.NodeCordoned _,
                    ClusterEvent.NodeUncordoned _,
                    ClusterEvent.NodeDrained _ -> true;
        };
    }

    private static @Nullable NodeRecord change(@Nullable NodeRecord before, Fact fact, ClusterEvent.OfNode event) {
        if (event instanceof ClusterEvent.NodeRegistered registered) {
            return registered(before, fact, registered);
        }
        if (before == null) {
            return null;
        }
        NodeUpkeep upkeep = before.upkeep().after(event, fact.atMs());
        return switch (event) {
            case ClusterEvent.NodeRegistered registered -> registered(before, fact, registered);
            case ClusterEvent.StrayStopped _, ClusterEvent.AllocationReleased _ ->
                with(before, fact, before.condition(), before.lastFault(), upkeep);
            case ClusterEvent.NodeConditionChanged changed ->
                with(before, fact, changed.condition(), before.lastFault(), upkeep);
            case ClusterEvent.NodeSuspected _ -> in(NodeState.SUSPECT, before, fact);
            case ClusterEvent.NodeRecovered _ -> in(NodeState.UP, before, fact);
            case ClusterEvent.NodeLost _ -> in(NodeState.LOST, before, fact);
            case ClusterEvent.NodeFaulted faulted ->
                with(before, fact, before.condition(), fault(faulted, fact), upkeep, xids(before, faulted));
            case ClusterEvent.NodeShutDown _ -> in(NodeState.DOWN, before, fact);
            case ClusterEvent.GpuTakenOut _,
                    ClusterEvent.GpuReturned _,
                    ClusterEvent.NodeCordoned _,
                    ClusterEvent.NodeUncordoned _,
                    ClusterEvent.NodeDrained _,
                    ClusterEvent.NodeSlow _,
                    ClusterEvent.NodeOnPace _ -> with(before, fact, before.condition(), before.lastFault(), upkeep);
        };
    }

    private static XidCounts xids(NodeRecord before, ClusterEvent.NodeFaulted event) {
        return (before.xids() == null ? XidCounts.PARTIAL : before.xids()).after(event);
    }

    private static NodeFault fault(ClusterEvent.NodeFaulted event, Fact fact) {
        return new NodeFault(event.kind(), event.gpu(), event.detail(), event.xid(), fact.atMs());
    }

    /** Returns a newly registered node, which runs nothing. The condition of its GPUs stays until the next one. */
    private static NodeRecord registered(@Nullable NodeRecord before, Fact fact, ClusterEvent.NodeRegistered event) {
        return new NodeRecord(
                event.inventory(),
                event.incarnation(),
                NodeState.UP,
                fact.sequence(),
                fact.atMs(),
                fact.atMs(),
                before == null ? null : before.condition(),
                null,
                before == null || !before.inventory().pool().equals(fact.pool())
                        ? NodeUpkeep.NONE
                        : before.upkeep().restarted(),
                null,
                XidCounts.NONE);
    }

    private static NodeRecord in(NodeState state, NodeRecord before, Fact fact) {
        return new NodeRecord(
                before.inventory(),
                before.incarnation(),
                state,
                fact.sequence(),
                before.registeredAtMs(),
                before.state() == state ? before.stateSinceMs() : fact.atMs(),
                before.condition(),
                before.lastFault(),
                before.upkeep(),
                null,
                before.xids());
    }

    private static NodeRecord with(
            NodeRecord before,
            Fact fact,
            @Nullable NodeCondition condition,
            @Nullable NodeFault fault,
            NodeUpkeep upkeep) {
        return with(before, fact, condition, fault, upkeep, before.xids());
    }

    private static NodeRecord with(
            NodeRecord before,
            Fact fact,
            @Nullable NodeCondition condition,
            @Nullable NodeFault fault,
            NodeUpkeep upkeep,
            @Nullable XidCounts xids) {
        return new NodeRecord(
                before.inventory(),
                before.incarnation(),
                before.state(),
                fact.sequence(),
                before.registeredAtMs(),
                before.stateSinceMs(),
                condition,
                fault,
                upkeep,
                null,
                xids);
    }
}
