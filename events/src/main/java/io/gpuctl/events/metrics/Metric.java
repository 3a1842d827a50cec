package io.gpuctl.events.metrics;

import java.util.List;

/**
 * The metrics of gpuctl: their names in Prometheus, their meanings and their labels. Metrics that DCGM defines are in
 * {@link io.gpuctl.events.DcgmField}. Times are in seconds; times of tasks are in seconds of cluster time.
 *
 * <p>The number of series is bounded by the pools, the nodes, the GPUs and the running attempts. No label holds a value
 * that a user may choose freely, except the pool, the node and the task of a running attempt.
 */
public enum Metric {
    // Metrics of a pool, from the views: the API instance that owns the pool's partition reports the pool.
    POOLS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_pools", "Pools that this instance reports."),
    POOL_INFO(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_pool_info",
            "Always 1; the label policy names the scheduling policy in force.",
            "pool",
            "policy"),
    NODES(Scope.CLUSTER, Kind.GAUGE, "gpuctl_nodes", "Nodes by health.", "pool", "health"),
    GPUS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_gpus", "GPUs of all nodes that ever registered.", "pool"),
    GPUS_ALLOCATED(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpus_allocated",
            "GPUs that tasks hold on nodes that are up; half a GPU is 0.5.",
            "pool"),
    TASKS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_tasks", "Tasks that the views keep, by state.", "pool", "state"),
    TASKS_ENDED(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_tasks_ended_total",
            "Tasks that ended, including those that the views no longer keep.",
            "pool"),
    REQUEUES(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_requeues_total",
            "Attempts that ended without success and whose task was queued again, by reason.",
            "pool",
            "reason"),
    PREEMPTIONS(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_preemptions_total",
            "Attempts that were preempted to make room for other tasks.",
            "pool"),
    LOST_WORK(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_lost_work_seconds_total",
            "Work that was lost and must be done again, in seconds at full clock.",
            "pool"),
    ENERGY(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_task_energy_joules_total",
            "Energy drawn by attempts that have ended.",
            "pool"),
    GPU_OUT_OF_SERVICE(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_gpus_out_of_service_seconds_total",
            "Time that GPUs were out of service because of a fault, summed over all GPUs.",
            "pool"),
    POWER(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpu_power_watts",
            "Power draw of all GPUs with recent telemetry at this instance."),
    UTILIZATION(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpu_utilization_ratio",
            "Mean utilization of all GPUs with recent telemetry at this instance, 0 to 1."),
    REPORTING_GPUS(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpus_reporting",
            "Number of GPUs with recent telemetry at this instance."),
    THROTTLED_GPUS(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpus_throttled",
            "GPUs with recent telemetry at this instance whose clock is lowered by heat."),
    HOTTEST_GPU(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpu_hottest_celsius",
            "Temperature of the hottest GPU with recent telemetry at this instance."),

    // Metrics of a pool, from its orchestrator: the orchestrator that decides for the pool reports it.
    NODES_OPERATOR_NEEDED(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_nodes_operator_needed",
            "Nodes that the scheduler cordoned so often that only an operator can uncordon them.",
            "pool"),
    GPUS_IN_SERVICE(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_gpus_in_service",
            "Working GPUs on nodes that are up and not cordoned for a fault.",
            "pool"),
    GPUS_FREE(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_gpus_free",
            "GPUs that tasks can be placed on now: they work, no task holds them, and their node accepts tasks.",
            "pool"),
    TASKS_WAITING(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_tasks_waiting",
            "Waiting tasks, by the reason why they were not placed.",
            "pool",
            "reason"),
    OLDEST_WAIT(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_queue_oldest_wait_seconds",
            "Time since the longest-waiting task entered the queue; 0 if no task waits. A lower bound if the"
                    + " task was queued before this orchestrator took over the pool.",
            "pool",
            "priority"),
    GPUS_REQUESTED(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_queue_gpus_requested",
            "GPUs that all waiting tasks request together.",
            "pool"),
    GPUS_FREE_UNUSABLE(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_gpus_free_unusable",
            "Fragmentation: free GPUs on nodes where no waiting task, and no member of a waiting gang, fits. 0"
                    + " if no task waits.",
            "pool"),
    SUBMISSIONS(
            Scope.SCHEDULER,
            Kind.COUNTER,
            "gpuctl_submissions_total",
            "Submissions that the orchestrator processed, by whether it accepted the task.",
            "pool",
            "outcome"),
    PLACEMENTS(Scope.SCHEDULER, Kind.COUNTER, "gpuctl_placements_total", "Attempts that got GPUs.", "pool"),
    ATTEMPTS_STARTED(
            Scope.SCHEDULER, Kind.COUNTER, "gpuctl_attempts_started_total", "Attempts that began to run.", "pool"),
    FACTS(
            Scope.SCHEDULER,
            Kind.COUNTER,
            "gpuctl_facts_total",
            "Facts that the orchestrator wrote, by type.",
            "pool",
            "type"),
    DECISION_TIME(
            Scope.SCHEDULER,
            Kind.HISTOGRAM,
            "gpuctl_scheduling_pass_seconds",
            "Time to decide on one input that changed state or for which the scheduler examined the queue.",
            "pool"),
    PLACEMENT_DELAY(
            Scope.SCHEDULER,
            Kind.HISTOGRAM,
            "gpuctl_submission_to_placement_seconds",
            "Time from a submission to the task's first placement, in seconds of wall-clock time.",
            "pool"),

    // Metrics of Kafka, as the API sees it.
    POOLS_WITHOUT_OWNER(
            Scope.PIPELINE, Kind.GAUGE, "gpuctl_pools_without_owner", "Pools that have no orchestrator now."),
    OLDEST_UNREAD_COMMAND(
            Scope.PIPELINE,
            Kind.GAUGE,
            "gpuctl_oldest_unread_command_seconds",
            "Time that the oldest command not yet processed by an orchestrator has waited, in seconds of"
                    + " wall-clock time."),
    GROUP_LAG(
            Scope.PIPELINE,
            Kind.GAUGE,
            "kafka_consumergroup_lag",
            "Records that a consumer group has not committed yet, named as in kafka_exporter.",
            "consumergroup",
            "topic",
            "partition"),
    IN_SYNC_REPLICAS(
            Scope.PIPELINE,
            Kind.GAUGE,
            "kafka_topic_partition_in_sync_replica",
            "In-sync replicas of a partition, named as in kafka_exporter.",
            "topic",
            "partition"),
    REPLICAS(
            Scope.PIPELINE,
            Kind.GAUGE,
            "kafka_topic_partition_replicas",
            "Replicas of a partition, named as in kafka_exporter.",
            "topic",
            "partition"),
    VIEW_READY(Scope.PIPELINE, Kind.GAUGE, "gpuctl_view_ready", "Whether the views of this instance answer: 1 or 0."),
    VIEW_LAG_RECORDS(
            Scope.PIPELINE,
            Kind.GAUGE,
            "gpuctl_view_lag_records",
            "Records that this instance's views have not processed yet.",
            "topic",
            "partition"),
    VIEW_LAG_SECONDS(
            Scope.PIPELINE,
            Kind.GAUGE,
            "gpuctl_view_lag_seconds",
            "Time for which the views have been behind the facts; 0 if they have processed all facts.",
            "partition"),
    VIEW_RESTORE_REMAINING(
            Scope.PIPELINE,
            Kind.GAUGE,
            "gpuctl_view_restore_records_remaining",
            "Records that this instance's stores still have to restore."),

    // Metrics of a process.
    BUILD_INFO(
            Scope.PROCESS,
            Kind.GAUGE,
            "gpuctl_build_info",
            "Always 1; the label version names the running version.",
            "version"),
    INSTANCE_ACTIVE(
            Scope.PROCESS,
            Kind.GAUGE,
            "gpuctl_instance_active",
            "1 if a service in this process has work of its own, 0 if the service is on standby.",
            "service"),
    CLOCK_SPEED(
            Scope.PROCESS, Kind.GAUGE, "gpuctl_clock_speed", "Seconds of cluster time per second of wall-clock time."),
    DEAD_LETTERS(
            Scope.PROCESS,
            Kind.COUNTER,
            "gpuctl_dead_letters_total",
            "Records that this process could not read, by their topic.",
            "topic"),
    SIMULATED_NODES(Scope.PROCESS, Kind.GAUGE, "gpuctl_simulator_nodes", "Simulated nodes that run in this process."),
    SIMULATED_ATTEMPTS(
            Scope.PROCESS,
            Kind.GAUGE,
            "gpuctl_simulator_attempts",
            "Attempts that run on the simulated nodes of this process."),

    // Metrics of the API's clients.
    TASK_SUBMISSIONS(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_task_submissions_total",
            "Submissions, by the outcome that the API answered.",
            "outcome"),
    COMMANDS(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_commands_total",
            "Commands for Kafka, by type and by whether they were written.",
            "type",
            "outcome"),
    HTTP_CONNECTIONS(Scope.API, Kind.GAUGE, "gpuctl_http_connections", "Connections of clients."),
    HTTP_CONNECTIONS_REFUSED(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_http_connections_refused_total",
            "Connections that were refused because a limit was reached."),
    HTTP_CONNECTIONS_ENDED(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_http_connections_ended_total",
            "Connections that this API closed, by reason.",
            "reason"),
    EVENT_CLIENTS(Scope.API, Kind.GAUGE, "gpuctl_events_clients", "Clients that listen to /events."),
    EVENT_CLIENTS_ENDED(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_events_clients_ended_total",
            "Clients of /events that this API disconnected, by reason.",
            "reason"),

    // Metrics of a node, on a separate page: see the targets of the API.
    NODE_INFO(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_node_info",
            "Always 1; the labels name the node's pool, rack and GPU model.",
            "hostname",
            "pool",
            "rack",
            "gpu_model"),
    GPU_INFO(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_gpu_info",
            "Always 1; the labels identify the device as its driver reports it.",
            "gpu",
            "UUID",
            "pci_bus_id",
            "serial",
            "vbios_version",
            "hostname"),
    NODE_HEALTH(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_node_health",
            "1 for the node's current health, 0 for every other health.",
            "hostname",
            "health"),
    NODE_TELEMETRY_AGE(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_node_telemetry_age_seconds",
            "Time since the node's GPUs were last measured, in seconds of wall-clock time.",
            "hostname"),
    GPU_UP(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_gpu_up",
            "1 if the GPU works and its node reports, otherwise 0.",
            "gpu",
            "UUID",
            "hostname"),
    GPU_ALLOCATED(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_gpu_allocated",
            "The share of the GPU that tasks hold, 0 to 1.",
            "gpu",
            "UUID",
            "hostname"),
    GPU_MAX_OPERATING(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_gpu_max_operating_celsius",
            "Maximum operating temperature of the GPU's model; from this temperature on, heat lowers the clock.",
            "gpu",
            "UUID",
            "hostname"),
    GPU_XIDS(
            Scope.NODE,
            Kind.COUNTER,
            "gpuctl_xid_total",
            "Driver errors of the GPU by number, since its node started.",
            "gpu",
            "UUID",
            "hostname",
            "xid"),
    TASK_SHARE(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_task_gpu_share",
            "The share of the GPU that the attempt holds, 0 to 1.",
            "gpu",
            "hostname",
            "task",
            "attempt"),
    TASK_POWER(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_task_gpu_power_watts",
            "The attempt's part of the GPU's power.",
            "gpu",
            "hostname",
            "task",
            "attempt"),
    TASK_UTILIZATION(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_task_gpu_utilization_ratio",
            "The attempt's part of the GPU's utilization, 0 to 1.",
            "gpu",
            "hostname",
            "task",
            "attempt"),
    TASK_MEMORY(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_task_gpu_memory_bytes",
            "Memory of the GPU that the attempt uses.",
            "gpu",
            "hostname",
            "task",
            "attempt");

    private final Scope scope;
    private final Kind kind;
    private final String prometheusName;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // A List.of.
    private final List<String> labels;

    Metric(Scope scope, Kind kind, String prometheusName, String help, String... labels) {
        this.scope = scope;
        this.kind = kind;
        this.prometheusName = prometheusName;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The subject of a metric, which decides which service reports the metric. */
    public enum Scope {
        /** A pool as the views see it: reported by the API that owns the pool's partition. */
        CLUSTER,
        /** A pool as its scheduler sees it: reported by the orchestrator that decides for the pool. */
        SCHEDULER,
        /** Kafka and the views: reported by every API. */
        PIPELINE,
        /** The process itself. */
        PROCESS,
        /** The requests of clients to an API: each API reports its own. */
        API,
        /** A node: reported by the API that has the node's telemetry, on a page for each node. */
        NODE
    }

    /** The types of metrics in Prometheus. */
    public enum Kind {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    public Scope scope() {
        return scope;
    }

    public Kind kind() {
        return kind;
    }

    /** Returns the name with its unit, and with {@code _total} for a counter. */
    public String prometheusName() {
        return prometheusName;
    }

    /** Returns the help text: a sentence. */
    public String help() {
        return help;
    }

    /** Returns the names of the labels, in the order of their values. */
    public List<String> labels() {
        return labels;
    }
}
