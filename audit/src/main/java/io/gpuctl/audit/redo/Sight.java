package io.gpuctl.audit.redo;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.NodeEvent;
import io.gpuctl.events.PoolInput;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.ToldWatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The observations of the orchestrator's watch at a decision, derived from the facts: which nodes were silent for too
 * long, and which attempts differed from the state for too long.
 *
 * @param recorded facts with the same cause and time, in their order
 * @param state the state before the facts
 */
record Sight(List<RecordedFact> recorded, PoolState state) {
    /** Sets the observations of the watch; {@code input} is null for a timer. */
    void tell(ToldWatch watch, @Nullable PoolInput input) {
        watch.seeNothing();
        if (input == null) {
            tellSilence(watch);
        } else if (input instanceof NodeEvent.Heartbeat) {
            for (RecordedFact fact : recorded) {
                if (fact.fact().event() instanceof ClusterEvent.StrayStopped stopped) {
                    watch.seeDispute(stopped.attempt());
                }
            }
        }
    }

    /** Reads only the first facts of a tick: silences come first, with their consequences. */
    private void tellSilence(ToldWatch watch) {
        PoolSettings settings = settings();
        for (RecordedFact fact : recorded) {
            switch (fact.fact().event()) {
                case ClusterEvent.OrchestratorStarted _ -> {}
                case ClusterEvent.ClockSetBack _ -> {}
                case ClusterEvent.PoolConfigured _ -> {}
                case ClusterEvent.NodeSuspected suspected ->
                    watch.seeSilence(suspected.nodeId(), settings.suspectAfterMs());
                case ClusterEvent.NodeLost lost -> watch.seeSilence(lost.nodeId(), settings.lostAfterMs());
                case ClusterEvent.TaskRequeued _ -> {}
                case ClusterEvent.TaskFailed _ -> {}
                case ClusterEvent.TaskCancelled _ -> {}
                case ClusterEvent.StrayStopped _ -> {}
                case ClusterEvent.TaskSubmitted _,
                        ClusterEvent.TaskRejected _,
                        ClusterEvent.PendingReasonChanged _,
                        ClusterEvent.TaskPlaced _,
                        ClusterEvent.TaskStarted _,
                        ClusterEvent.TaskCheckpointed _,
                        ClusterEvent.TaskCompleted _,
                        ClusterEvent.PreemptRequested _,
                        ClusterEvent.RetryDue _,
                        ClusterEvent.CancelRequested _,
                        ClusterEvent.OfMember _,
                        ClusterEvent.AllocationReleased _,
                        ClusterEvent.NodeRegistered _,
                        ClusterEvent.NodeConditionChanged _,
                        ClusterEvent.NodeRecovered _,
                        ClusterEvent.NodeFaulted _,
                        ClusterEvent.NodeShutDown _,
                        ClusterEvent.OfUpkeep _,
                        ClusterEvent.SchedulerRan _ -> {
                    return;
                }
            }
        }
    }

    /** Returns the settings in force for the decision. */
    private PoolSettings settings() {
        for (RecordedFact fact : recorded) {
            if (fact.fact().event() instanceof ClusterEvent.PoolConfigured configured) {
                return configured.settings();
            }
        }
        return state.settings();
    }
}
