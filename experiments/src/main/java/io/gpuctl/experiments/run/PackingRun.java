package io.gpuctl.experiments.run;

import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.experiments.result.MetricValue;
import io.gpuctl.experiments.result.Metrics;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.workload.PackingWorkload;
import io.gpuctl.orchestrator.policy.Policies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how well the GPUs are filled when tasks arrive and never end, and tasks that do not fit are lost. The
 * experiment of Weng et al., "Beware of Fragmentation", USENIX ATC 2023.
 */
final class PackingRun implements RunMethod {
    /** Time between arrivals. Its length does not matter, as long as tasks arrive one by one. */
    private static final long GAP_MS = 1_000;

    /** The weight that breaks ties between nodes by an order drawn from the seed. */
    private static final String SHUFFLE_NODES = "shuffle_nodes";

    @Override
    public FinishedRun run(RunInput input, FactSink facts, Consumer<NodeTelemetry> telemetry) {
        List<TaskSpec> pods = input.arrivals().stream().map(Arrival::task).toList();
        long capacityMilli = input.experiment().capacityMilli();
        List<TaskSpec> tasks = PackingWorkload.of(
                pods, input.load(), capacityMilli, input.key().seed());

        var outcomes = new OutcomeFold(0, (atMs, milli) -> {});
        var fragmentation = new ClusterFragmentation(TargetWorkload.of(pods));
        var config = new VirtualClusterConfig(
                input.experiment().nodes(), input.experiment().gpuModels(), policy(input, pods), null, Checks.NORMAL);
        var cluster = new VirtualCluster(config, Policies::create, FactSink.all(outcomes, fragmentation, facts));
        var series = new ArrivedLoadSeries(capacityMilli);
        long arrivedMilli = 0;
        for (TaskSpec task : tasks) {
            long atMs = cluster.nowMs() + GAP_MS;
            cluster.submit(atMs, task);
            cluster.runUntil(atMs);
            arrivedMilli += PackingWorkload.milli(task);
            series.add(arrivedMilli, outcomes.allocatedMilli(), fragmentation.totalMilli(cluster.state()));
        }
        cluster.checkAll();
        return new FinishedRun(result(input, outcomes.outcomes(), series), cluster.facts());
    }

    private static PolicySpec policy(RunInput input, List<TaskSpec> pods) {
        PolicySpec chosen = input.policy().spec(input.key().seed(), input.target(pods));
        Map<String, Double> weights = new LinkedHashMap<>(chosen.weights());
        weights.putIfAbsent(SHUFFLE_NODES, 1.0);
        return new PolicySpec(chosen.name(), weights, chosen.seed(), chosen.targetWorkload());
    }

    private static RunResult result(RunInput input, List<TaskOutcome> outcomes, ArrivedLoadSeries series) {
        List<MetricValue> metrics = new ArrayList<>(Metrics.untimed(outcomes));
        metrics.addAll(series.values());
        return new RunResult(
                input.key(), metrics, outcomes, List.of(), input.source().notes());
    }
}
