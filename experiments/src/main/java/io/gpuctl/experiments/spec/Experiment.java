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
 * The definition of an experiment: each policy runs each workload at each load with each seed.
 *
 * @param name name of the experiment in the results, without spaces
 * @param nodes of the cluster
 * @param gpuModels the catalogue of the nodes' GPU models
 * @param loads loads as multiples of the cluster's capacity; if empty, workloads keep their own arrival times
 * @param metrics metrics to show at the end; the files have all metrics
 * @param telemetry how nodes are measured; null if they are not
 * @param faults laws of the faults that strike; only for kind trace
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

    /** An experiment without faults. */
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

    /** Returns the same experiment with faults by these laws. */
    public Experiment withFaults(FaultLaws laws) {
        return new Experiment(
                name, description, kind, nodes, gpuModels, tasks, policies, loads, seeds, metrics, telemetry, laws);
    }

    /** The kind of an experiment's runs. */
    public enum Kind {
        /** Measures how well GPUs are filled when tasks arrive and never end, as in Weng et al., USENIX ATC 2023. */
        PACKING,
        /** Measures how long tasks take when they arrive at their times and run for their durations. */
        TRACE,
        /** Decides anew at each arrival and end which jobs run, as in Zhao et al., SIGCOMM 2022. */
        ROUNDS
    }

    /** The source of the tasks. */
    public sealed interface Tasks {}

    /**
     * Tasks from files, each of which is a workload.
     *
     * @param limit how many tasks to read from the start of each file; null for all
     * @param scale how many times as many tasks arrive in a given time
     * @param skipBadRows whether to skip rows that cannot be read; otherwise such a row is an error
     */
    public record Recorded(List<Path> files, @Nullable Integer limit, BigDecimal scale, boolean skipBadRows)
            implements Tasks {
        public Recorded {
            files = List.copyOf(files);
        }
    }

    /** Tasks that are drawn anew for each seed. */
    public record Drawn(SyntheticWorkload workload) implements Tasks {}

    /**
     * The measurement of nodes.
     *
     * @param always whether to measure for every policy, or only for policies that use conditions
     * @param periodMs time between two samples of a node
     */
    public record Telemetry(boolean always, long periodMs) {}

    public Experiment {
        nodes = List.copyOf(nodes);
        policies = List.copyOf(policies);
        loads = List.copyOf(loads);
        seeds = List.copyOf(seeds);
        metrics = List.copyOf(metrics);
    }

    /** Returns the GPUs of all nodes, in thousandths. */
    public long capacityMilli() {
        return nodes.stream().mapToLong(node -> node.gpuCount() * 1_000L).sum();
    }
}
