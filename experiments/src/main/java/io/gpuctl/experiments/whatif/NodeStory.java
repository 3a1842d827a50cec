package io.gpuctl.experiments.whatif;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of one node, from its facts: when the node started, stopped, faulted, fell silent and came back. A node
 * that falls silent and then restarts has crashed. A node that falls silent and is then heard from again was cut off,
 * and kept running its attempts.
 */
final class NodeStory {
    private final NodeId nodeId;
    private final List<Chapter> chapters = new ArrayList<>();

    /**
     * A fact about the node.
     *
     * @param isAskedFor whether a command of a user or an operator caused it
     * @param suspectAfterMs the setting in force at that time
     */
    private record Chapter(ClusterEvent.OfNode event, long atMs, boolean isAskedFor, long suspectAfterMs) {}

    NodeStory(NodeId nodeId) {
        this.nodeId = nodeId;
    }

    /** Adds the next fact. */
    void add(ClusterEvent.OfNode event, long atMs, boolean isAskedFor, long suspectAfterMs) {
        chapters.add(new Chapter(event, atMs, isAskedFor, suspectAfterMs));
    }

    /** Returns the steps that repeat this history, in the order of time. */
    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int index = 0; index < chapters.size(); index++) {
            Chapter chapter = chapters.get(index);
            long atMs = chapter.atMs();
            switch (chapter.event()) {
                case ClusterEvent.NodeRegistered e ->
                    steps.add(new Step(atMs, (cluster, ms) -> cluster.join(ms, e.inventory())));
                case ClusterEvent.NodeSuspected _ -> {
                    steps.add(silence(index));
                    steps.add(new Step(atMs, (cluster, ms) -> cluster.suspect(ms, nodeId)));
                }
                case ClusterEvent.NodeLost _ -> steps.add(new Step(atMs, (cluster, ms) -> cluster.lose(ms, nodeId)));
                case ClusterEvent.NodeRecovered _ ->
                    steps.add(new Step(atMs, (cluster, ms) -> cluster.reconnect(ms, nodeId)));
                case ClusterEvent.NodeShutDown _ -> {
                    steps.add(new Step(atMs, (cluster, ms) -> cluster.reconnect(ms, nodeId)));
                    steps.add(new Step(atMs, (cluster, ms) -> cluster.shutDown(ms, nodeId)));
                }
                case ClusterEvent.NodeFaulted e ->
                    steps.add(new Step(
                            atMs, (cluster, ms) -> cluster.fault(ms, nodeId, e.kind(), e.gpu(), e.detail(), e.xid())));
                case ClusterEvent.GpuReturned e ->
                    steps.add(new Step(atMs, (cluster, ms) -> cluster.restoreGpu(ms, nodeId, e.gpu())));
                case ClusterEvent.NodeCordoned e -> {
                    if (chapter.isAskedFor()) {
                        steps.add(cordon(e, atMs));
                    }
                }
                case ClusterEvent.NodeUncordoned e -> {
                    if (chapter.isAskedFor()) {
                        steps.add(new Step(atMs, (cluster, ms) -> cluster.uncordon(ms, nodeId, e.detail())));
                    }
                }
                // These follow from a fault, or from the speed of the node.
                case ClusterEvent.GpuTakenOut _ -> {}
                case ClusterEvent.NodeDrained _ -> {}
                case ClusterEvent.NodeSlow _ -> {}
                case ClusterEvent.NodeOnPace _ -> {}
                // These follow from the policy's decisions; so do conditions.
                case ClusterEvent.NodeConditionChanged _ -> {}
                case ClusterEvent.StrayStopped _ -> {}
                case ClusterEvent.AllocationReleased _ -> {}
            }
        }
        return steps;
    }

    private Step cordon(ClusterEvent.NodeCordoned event, long atMs) {
        return event.drain()
                ? new Step(atMs, (cluster, ms) -> cluster.drain(ms, nodeId, event.detail()))
                : new Step(atMs, (cluster, ms) -> cluster.cordon(ms, nodeId, event.detail()));
    }

    /**
     * Returns the step in which the node falls silent: {@code suspectAfterMs} before it was suspected, but not before
     * the fact that precedes the suspicion.
     */
    private Step silence(int index) {
        Chapter suspected = chapters.get(index);
        long knownMs = index == 0 ? suspected.atMs() : chapters.get(index - 1).atMs();
        long silentAtMs = Math.max(knownMs, suspected.atMs() - suspected.suspectAfterMs());
        return isHeardOfAgain(index)
                ? new Step(silentAtMs, (cluster, ms) -> cluster.cutOff(ms, nodeId))
                : new Step(silentAtMs, (cluster, ms) -> cluster.crash(ms, nodeId));
    }

    private boolean isHeardOfAgain(int index) {
        for (Chapter later : chapters.subList(index + 1, chapters.size())) {
            Boolean heard = isWord(later.event());
            if (heard != null) {
                return heard;
            }
        }
        return false;
    }

    /** Returns whether the node is heard from again without a restart; null if the event does not tell. */
    private static @Nullable Boolean isWord(ClusterEvent.OfNode event) {
        return switch (event) {
            case ClusterEvent.NodeRecovered _ -> true;
            case ClusterEvent.NodeShutDown _ -> true;
            case ClusterEvent.NodeRegistered _ -> false;
            case ClusterEvent.NodeSuspected _ -> null;
            case ClusterEvent.NodeLost _ -> null;
            case ClusterEvent.NodeFaulted _ -> null;
            case ClusterEvent.GpuTakenOut _ -> null;
            case ClusterEvent.GpuReturned _ -> null;
            case ClusterEvent.NodeCordoned _ -> null;
            case ClusterEvent.NodeUncordoned _ -> null;
            case ClusterEvent.NodeDrained _ -> null;
            case ClusterEvent.NodeSlow _ -> null;
            case ClusterEvent.NodeOnPace _ -> null;
            case ClusterEvent.NodeConditionChanged _ -> null;
            case ClusterEvent.StrayStopped _ -> null;
            case ClusterEvent.AllocationReleased _ -> null;
        };
    }
}
