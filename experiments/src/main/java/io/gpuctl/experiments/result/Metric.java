package io.gpuctl.experiments.result;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics of a run. Formulas and sources are in {@code docs/metrics.md}. Every file has the values in this order.
 */
public enum Metric {
    JCT_MEAN("jct_mean_s", "JCT, mean", Unit.SECONDS, Better.LOWER),
    JCT_P50("jct_p50_s", "JCT, median", Unit.SECONDS, Better.LOWER),
    JCT_P95("jct_p95_s", "JCT, p95", Unit.SECONDS, Better.LOWER),
    JCT_P99("jct_p99_s", "JCT, p99", Unit.SECONDS, Better.LOWER),
    QUEUEING_MEAN("queueing_mean_s", "Queueing, mean", Unit.SECONDS, Better.LOWER),
    QUEUEING_P50("queueing_p50_s", "Queueing, median", Unit.SECONDS, Better.LOWER),
    QUEUEING_P95("queueing_p95_s", "Queueing, p95", Unit.SECONDS, Better.LOWER),
    QUEUEING_P99("queueing_p99_s", "Queueing, p99", Unit.SECONDS, Better.LOWER),
    BOUNDED_SLOWDOWN_MEAN("bounded_slowdown_mean", "Bounded slowdown, mean", Unit.RATIO, Better.LOWER),
    MAKESPAN("makespan_s", "Makespan", Unit.SECONDS, Better.LOWER),
    JAIN_FAIRNESS("jain_fairness", "Jain's fairness over users", Unit.RATIO, Better.HIGHER),
    /** Neither is better: when heat slows GPUs, they are allocated for longer for the same work. */
    GPU_ALLOCATION_MEAN("gpu_allocation_mean_pct", "GPU allocation, mean over time", Unit.PERCENT, Better.NEITHER),
    PREEMPTIONS("preemptions", "Preemptions", Unit.COUNT, Better.LOWER),
    WASTED_GPU_HOURS("wasted_gpu_hours", "Wasted GPU time", Unit.GPU_HOURS, Better.LOWER),
    ENERGY("energy_kwh", "Energy", Unit.KILOWATT_HOURS, Better.LOWER),
    THROTTLED_GPU_HOURS("throttled_gpu_hours", "GPU time slowed by heat", Unit.GPU_HOURS, Better.LOWER),
    /** Only runs with faults have this metric and the following metrics, down to the requeues. */
    GOODPUT("goodput_pct", "Goodput", Unit.PERCENT, Better.HIGHER),
    LOST_GPU_HOURS("lost_gpu_hours", "GPU time lost to faults", Unit.GPU_HOURS, Better.LOWER),
    OUT_GPU_HOURS("out_of_service_gpu_hours", "GPU time out of service", Unit.GPU_HOURS, Better.LOWER),
    MTTR("mttr_s", "Time to repair, mean", Unit.SECONDS, Better.LOWER),
    FAULTS_XID("faults_xid", "Faults: XID", Unit.COUNT, Better.NEITHER),
    FAULTS_THERMAL_SHUTDOWN("faults_thermal_shutdown", "Faults: thermal shutdown", Unit.COUNT, Better.NEITHER),
    FAULTS_NODE_CRASH("faults_node_crash", "Faults: node crash", Unit.COUNT, Better.NEITHER),
    FAULTS_PARTITION("faults_partition", "Faults: partition", Unit.COUNT, Better.NEITHER),
    FAULTS_STRAGGLER("faults_straggler", "Faults: straggler", Unit.COUNT, Better.NEITHER),
    FAULTS_ECC_SINGLE_BIT("faults_ecc_single_bit", "Faults: ECC single bit", Unit.COUNT, Better.NEITHER),
    REQUEUES_TASK_FAILED("requeues_task_failed", "Requeues: task failed", Unit.COUNT, Better.LOWER),
    REQUEUES_NODE_LOST("requeues_node_lost", "Requeues: node lost", Unit.COUNT, Better.LOWER),
    REQUEUES_NODE_RESTARTED("requeues_node_restarted", "Requeues: node restarted", Unit.COUNT, Better.LOWER),
    REQUEUES_NODE_SHUT_DOWN("requeues_node_shut_down", "Requeues: node shut down", Unit.COUNT, Better.LOWER),
    REQUEUES_ATTEMPT_LOST("requeues_attempt_lost", "Requeues: attempt lost", Unit.COUNT, Better.LOWER),
    REQUEUES_PREEMPTED("requeues_preempted", "Requeues: preempted", Unit.COUNT, Better.LOWER),
    REQUEUES_HARDWARE_FAULT("requeues_hardware_fault", "Requeues: hardware fault", Unit.COUNT, Better.LOWER),
    REQUEUES_NODE_DRAINED("requeues_node_drained", "Requeues: node drained", Unit.COUNT, Better.LOWER),
    /** Measured at an arrived load, like the next two. The names are those of the published tables. */
    ALLOCATED("alloc_pct", "GPU allocation", Unit.PERCENT, Better.HIGHER),
    FRAGMENTED("frag_pct_of_total_gpu", "Fragmentation, of all GPUs", Unit.PERCENT, Better.LOWER),
    FRAGMENTED_OF_IDLE("frag_pct_of_idle_gpu", "Fragmentation, of idle GPUs", Unit.PERCENT, Better.LOWER),
    TASKS("tasks", "Tasks", Unit.COUNT, Better.NEITHER),
    TASKS_COMPLETED("tasks_completed", "Tasks completed", Unit.COUNT, Better.HIGHER),
    TASKS_FAILED("tasks_failed", "Tasks failed", Unit.COUNT, Better.LOWER),
    TASKS_CANCELLED("tasks_cancelled", "Tasks cancelled", Unit.COUNT, Better.NEITHER),
    TASKS_REJECTED("tasks_rejected", "Tasks rejected", Unit.COUNT, Better.LOWER),
    TASKS_HOLDING_GPUS("tasks_holding_gpus", "Tasks holding GPUs at the end", Unit.COUNT, Better.NEITHER),
    TASKS_WAITING("tasks_waiting", "Tasks waiting at the end", Unit.COUNT, Better.LOWER);

    /** The unit of a value. */
    public enum Unit {
        SECONDS("s"),
        PERCENT("%"),
        RATIO(""),
        COUNT(""),
        GPU_HOURS("GPU-hours"),
        KILOWATT_HOURS("kWh");

        private final String symbol;

        Unit(String symbol) {
            this.symbol = symbol;
        }

        /** Returns the symbol of the unit; empty for a plain number. */
        public String symbol() {
            return symbol;
        }
    }

    /** The direction in which values are better. */
    public enum Better {
        LOWER,
        HIGHER,
        NEITHER
    }

    private static final Map<String, Metric> BY_ID =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Metric::id, Function.identity()));

    private final String id;
    private final String title;
    private final Unit unit;
    private final Better better;

    Metric(String id, String title, Unit unit, Better better) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.better = better;
    }

    /** Returns the metric with this name in the files. */
    @JsonCreator
    public static Metric ofId(String id) {
        Metric metric = BY_ID.get(id);
        if (metric == null) {
            throw new IllegalArgumentException("There is no metric " + id);
        }
        return metric;
    }

    /** Returns the name of the metric in the files. */
    @JsonValue
    public String id() {
        return id;
    }

    /** Returns the name of the metric for users. */
    public String title() {
        return title;
    }

    public Unit unit() {
        return unit;
    }

    public Better better() {
        return better;
    }

    /** Returns whether the metric has a value at each percent of arrived load, and not one for the whole run. */
    public boolean isAtArrivedLoad() {
        return this == ALLOCATED || this == FRAGMENTED || this == FRAGMENTED_OF_IDLE;
    }
}
