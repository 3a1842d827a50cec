package io.gpuctl.experiments.spec;

import io.gpuctl.events.NodeInventory;
import io.gpuctl.experiments.result.Metric;
import io.gpuctl.experiments.workload.SyntheticWorkload;
import io.gpuctl.simulator.cluster.GpuModels;
import io.gpuctl.simulator.faults.FaultLaws;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as it was asked for: each policy runs each workload at each load with each seed.
 *
 * @param name without spaces: it stands in the results
 * @param nodes of the cluster
 * @param gpuModels what is known of their GPUs
 * @param loads empty: the workloads come as they are
 * @param metrics those to be shown at the end; all are in the files
 * @param telemetry null: nodes are not measured
 * @param faults what breaks by itself; of kind trace only
 */
public record Experiment(
        String name,
        String description,
        Kind kind,
        List<NodeInventory> nodes,
        GpuModels gpuModels,
        Tasks tasks,
        List<PolicyChoice> policies,
        List<BigDecimal> loads,
        List<Long> seeds,
        List<Metric> metrics,
        @Nullable Telemetry telemetry,
        FaultLaws faults) {

    /** In which nothing breaks. */
    public Experiment(
            String name,
            String description,
            Kind kind,
            List<NodeInventory> nodes,
            GpuModels gpuModels,
            Tasks tasks,
            List<PolicyChoice> policies,
            List<BigDecimal> loads,
            List<Long> seeds,
            List<Metric> metrics,
            @Nullable Telemetry telemetry) {
        this(
                name,
                description,
                kind,
                nodes,
                gpuModels,
                tasks,
                policies,
                loads,
                seeds,
                metrics,
                telemetry,
                FaultLaws.OFF);
    }

    /** The same, in which this breaks. */
    public Experiment withFaults(FaultLaws laws) {
        return new Experiment(
                name, description, kind, nodes, gpuModels, tasks, policies, loads, seeds, metrics, telemetry, laws);
    }

    /** What a run does. */
    public enum Kind {
        /** Tasks arrive and never end: how well are the GPUs filled? As Weng et al. do it, USENIX ATC 2023. */
        PACKING,
        /** Tasks arrive at their times and run for their durations: how long do they take? */
        TRACE,
        /** At each arrival and end it is decided anew who runs, as Zhao et al. do it, SIGCOMM 2022. */
        ROUNDS
    }

    /** Where the tasks come from. */
    public sealed interface Tasks {}

    /**
     * From files, each a workload of its own.
     *
     * @param limit so many of each, the first; null for all
     * @param scale so many times as many arrive in a given time
     * @param skipBadRows whether rows that cannot be read are passed over, or end the reading
     */
    public record Recorded(List<Path> files, @Nullable Integer limit, BigDecimal scale, boolean skipBadRows)
            implements Tasks {
        public Recorded {
            files = List.copyOf(files);
        }
    }

    /** Drawn anew for each seed. */
    public record Drawn(SyntheticWorkload workload) implements Tasks {}

    /**
     * How nodes are measured.
     *
     * @param always false: only for policies that look at conditions
     * @param periodMs between two samples of a node
     */
    public record Telemetry(boolean always, long periodMs) {}

    public Experiment {
        nodes = List.copyOf(nodes);
        policies = List.copyOf(policies);
        loads = List.copyOf(loads);
        seeds = List.copyOf(seeds);
        metrics = List.copyOf(metrics);
    }

    /** All GPUs, in thousandths. */
    public long capacityMilli() {
        return nodes.stream().mapToLong(node -> node.gpuCount() * 1_000L).sum();
    }
}
