package io.gpuctl.cli.client;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.ClusterEvent.AllocationReleased;
import io.gpuctl.events.ClusterEvent.GpuReturned;
import io.gpuctl.events.ClusterEvent.GpuTakenOut;
import io.gpuctl.events.ClusterEvent.NodeConditionChanged;
import io.gpuctl.events.ClusterEvent.NodeCordoned;
import io.gpuctl.events.ClusterEvent.NodeDrained;
import io.gpuctl.events.ClusterEvent.NodeFaulted;
import io.gpuctl.events.ClusterEvent.NodeLost;
import io.gpuctl.events.ClusterEvent.NodeOnPace;
import io.gpuctl.events.ClusterEvent.NodeRecovered;
import io.gpuctl.events.ClusterEvent.NodeRegistered;
import io.gpuctl.events.ClusterEvent.NodeShutDown;
import io.gpuctl.events.ClusterEvent.NodeSlow;
import io.gpuctl.events.ClusterEvent.NodeSuspected;
import io.gpuctl.events.ClusterEvent.NodeUncordoned;
import io.gpuctl.events.ClusterEvent.StrayStopped;
import io.gpuctl.events.XidCatalogue;
import io.gpuctl.events.units.Durations;

/** Formats the details of a fact about a node in words; may be empty. */
final class NodeFactText {

    private NodeFactText() {}

    static String detail(ClusterEvent.OfNode event, long atMs) {
        return switch (event) {
            case NodeRegistered registered ->
                "%d x %s"
                        .formatted(
                                registered.inventory().gpuCount(),
                                registered.inventory().gpuModel());
            case NodeSuspected _, NodeLost _ -> "no heartbeat";
            case NodeRecovered _, NodeShutDown _, NodeDrained _, NodeOnPace _, NodeConditionChanged _ -> "";
            case NodeFaulted fault -> fault(fault);
            case GpuTakenOut out -> "GPU %d: %s".formatted(out.gpu(), out.detail());
            case GpuReturned returned -> "GPU " + returned.gpu();
            case NodeCordoned cordoned -> cordon(cordoned, atMs);
            case NodeUncordoned uncordoned -> uncordoned.detail();
            case NodeSlow slow -> "at %d%% of full clock".formatted(slow.paceMilli() / 10);
            case StrayStopped stray -> "attempt " + stray.attempt();
            case AllocationReleased released -> "attempt " + released.attempt();
        };
    }

    private static String fault(NodeFaulted fault) {
        String what = fault.xid() == 0
                ? fault.kind().replace('_', ' ')
                : "XID %d, %s"
                        .formatted(fault.xid(), XidCatalogue.of(fault.xid()).meaning());
        return fault.gpu() < 0 ? what : "GPU %d: %s".formatted(fault.gpu(), what);
    }

    private static String cordon(NodeCordoned cordon, long atMs) {
        String why = switch (cordon.cause()) {
            case OPERATOR -> "by an operator";
            case FAULT -> "for a fault";
            case STRAGGLER -> "for being slow";
        };
        return why
                + (cordon.drain() ? ", drained" : "")
                + (cordon.untilMs() > atMs ? ", for " + Durations.human(cordon.untilMs() - atMs) : "")
                + (cordon.detail().isEmpty() ? "" : ": " + cordon.detail());
    }
}
