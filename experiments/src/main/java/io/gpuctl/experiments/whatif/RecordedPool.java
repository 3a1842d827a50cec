package io.gpuctl.experiments.whatif;

import io.gpuctl.events.NodeId;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.result.RunResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * A recorded pool: its inputs and its result.
 *
 * @param beginMs time of the first fact, ms of cluster time
 * @param endMs time of the last fact
 * @param policies all policies that were in force, in order
 * @param settings the settings in force at the end
 * @param tasks all submitted tasks, including rejected ones, in the order of submission
 * @param steps the submissions, cancellations and requested passes, in no order
 * @param nodes the histories of the nodes, by node id
 * @param gpus number of GPUs on all nodes that the pool ever had
 * @param unfinished number of tasks that had not ended at the end of the log
 */
record RecordedPool(
        PoolId pool,
        long beginMs,
        long endMs,
        List<PolicySpec> policies,
        PoolSettings settings,
        List<TaskSpec> tasks,
        List<Step> steps,
        SortedMap<NodeId, NodeStory> nodes,
        double gpus,
        int unfinished,
        RunResult result) {
    /** Returns all steps in the order of time; at the same time, steps of nodes come first. */
    List<Step> inOrder() {
        List<Step> all = new ArrayList<>();
        nodes.values().forEach(node -> all.addAll(node.steps()));
        all.addAll(steps);
        all.sort(Comparator.comparingLong(Step::atMs));
        return all;
    }
}
