package io.gpuctl.experiments.run;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.NodeTelemetry;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.experiments.engine.Checks;
import io.gpuctl.experiments.engine.FactSink;
import io.gpuctl.experiments.engine.Faults;
import io.gpuctl.experiments.engine.PoolEnergy;
import io.gpuctl.experiments.engine.Sensing;
import io.gpuctl.experiments.engine.VirtualCluster;
import io.gpuctl.experiments.engine.VirtualClusterConfig;
import io.gpuctl.experiments.result.FaultTotals;
import io.gpuctl.experiments.result.Metrics;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.RunTotals;
import io.gpuctl.experiments.result.TaskOutcome;
import io.gpuctl.experiments.result.Utilisation;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.experiments.spec.ExperimentFileException;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.workload.ArrivalTimes;
import io.gpuctl.orchestrator.policy.Policies;
import io.gpuctl.simulator.cluster.FaultsFile;
import io.gpuctl.simulator.faults.FaultLaws;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Measures how long tasks take when they arrive at their times and run for their durations, until all have ended. */
final class TraceRun implements RunMethod {
    private static final double MS_PER_SECOND = 1_000;
    private static final double MS_PER_HOUR = 3_600_000;
    private static final double MICROJOULES_PER_KWH = 3.6e12;

    @Override
    public FinishedRun run(RunInput input, FactSink facts, Consumer<NodeTelemetry> telemetry) {
        List<Arrival> arrivals = arrivals(input);
        List<TaskSpec> tasks = arrivals.stream().map(Arrival::task).toList();
        double gpus = (double) input.experiment().capacityMilli() / GpuRequest.WHOLE;
        var utilisation = new Utilisation(gpus, 0);
        var outcomes = new OutcomeFold(
                0, (atMs, milli) -> utilisation.allocated(atMs / MS_PER_SECOND, (double) milli / GpuRequest.WHOLE));
        var service = new ServiceFold();
        var config = new VirtualClusterConfig(
                        input.experiment().nodes(),
                        input.experiment().gpuModels(),
                        input.policy().spec(input.key().seed(), input.target(tasks)),
                        sensing(input),
                        Checks.NORMAL)
                .withFaults(faults(input));
        var cluster = new VirtualCluster(
                config,
                Policies::create,
                FactSink.all(outcomes, service, facts),
                new ClusterSensors(utilisation).andThen(telemetry));
        arrivals.forEach(arrival -> cluster.submit(arrival.atMs(), arrival.task()));
        cluster.runToEnd();
        utilisation.end(cluster.nowMs() / MS_PER_SECOND);
        PoolEnergy energy = cluster.energy();
        var totals = new RunTotals(
                utilisation.meanAllocatedPercent(),
                outcomes.preemptions(),
                outcomes.wastedGpuHours(),
                new RunTotals.Physics(energy.gpus() / MICROJOULES_PER_KWH, energy.slowedMs() / MS_PER_HOUR),
                config.faults() == null ? null : faultTotals(cluster, outcomes, service));
        return new FinishedRun(result(input, totals, tasks(outcomes, energy), utilisation), cluster.facts());
    }

    private static @Nullable Faults faults(RunInput input) {
        FaultLaws laws = input.experiment().faults();
        return laws.isOff()
                ? null
                : new Faults(laws, FaultsFile.realistic(), input.key().seed());
    }

    private static FaultTotals faultTotals(VirtualCluster cluster, OutcomeFold outcomes, ServiceFold service) {
        return new FaultTotals(
                cluster.faults(),
                service.requeues(),
                outcomes.lostGpuHours(),
                service.outGpuHours(cluster.nowMs()),
                service.mttrSeconds(),
                outcomes.goodputPercent());
    }

    private static List<Arrival> arrivals(RunInput input) {
        List<Arrival> arrivals = input.arrivals();
        if (input.key().load() == null) {
            return arrivals;
        }
        try {
            return ArrivalTimes.atLoad(
                    arrivals, input.load(), input.experiment().capacityMilli());
        } catch (IllegalArgumentException e) {
            throw new ExperimentFileException("loads: the workload %s cannot be scaled to a load: %s"
                    .formatted(input.source().name(), e.getMessage()));
        }
    }

    private static @Nullable Sensing sensing(RunInput input) {
        Experiment.Telemetry telemetry = input.experiment().telemetry();
        return telemetry != null && (telemetry.always() || input.needsConditions())
                ? new Sensing(telemetry.periodMs())
                : null;
    }

    private static List<TaskOutcome> tasks(OutcomeFold fold, PoolEnergy energy) {
        Map<TaskId, Long> drawn = energy.tasks();
        return fold.outcomes(taskId -> drawn.getOrDefault(taskId, 0L) / MICROJOULES_PER_KWH);
    }

    private static RunResult result(
            RunInput input, RunTotals totals, List<TaskOutcome> outcomes, Utilisation utilisation) {
        return new RunResult(
                input.key(),
                Metrics.of(outcomes, totals),
                outcomes,
                utilisation.points(),
                input.source().notes());
    }
}
