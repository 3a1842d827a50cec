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
 * What a pool was given, and how that went.
 *
 * @param beginMs time of the first fact, ms of cluster time
 * @param endMs time of the last
 * @param policies that were in force, in order
 * @param settings those in force at the end
 * @param tasks all that were submitted, those that were rejected too, in their order
 * @param steps what was done to it besides, in no order
 * @param nodes by id
 * @param gpus of all nodes that it ever had
 * @param unfinished tasks that had not ended when the log did
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
    /** All that was done, in the order of time; at one time, nodes first. */
    List<Step> inOrder() {
        List<Step> all = new ArrayList<>();
        nodes.values().forEach(node -> all.addAll(node.steps()));
        all.addAll(steps);
        all.sort(Comparator.comparingLong(Step::atMs));
        return all;
    }
}
