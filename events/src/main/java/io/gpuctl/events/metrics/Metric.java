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
    // Of a pool, from the views: the API instance that owns the pool's partition reports the pool.
    POOLS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_pools", "Pools that this instance tells of."),
    POOL_INFO(Scope.CLUSTER, Kind.GAUGE, "gpuctl_pool_info", "Always 1: the policy in force.", "pool", "policy"),
    NODES(Scope.CLUSTER, Kind.GAUGE, "gpuctl_nodes", "Nodes by how well they are.", "pool", "health"),
    GPUS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_gpus", "GPUs of all nodes that ever registered.", "pool"),
    GPUS_ALLOCATED(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpus_allocated",
            "GPUs that tasks hold on nodes that are up; half a GPU is 0.5.",
            "pool"),
    TASKS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_tasks", "Tasks that are kept, by state.", "pool", "state"),
    TASKS_ENDED(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_tasks_ended_total",
            "Tasks that ended, whether they are kept or not.",
            "pool"),
    REQUEUES(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_requeues_total",
            "Attempts that ended without success and were followed by another wait, by reason.",
            "pool",
            "reason"),
    PREEMPTIONS(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_preemptions_total",
            "Attempts that made room for other tasks.",
            "pool"),
    LOST_WORK(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_lost_work_seconds_total",
            "Work that was done and must be done again, at full clock.",
            "pool"),
    ENERGY(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_task_energy_joules_total",
            "Energy that attempts which ended have drawn.",
            "pool"),
    GPU_OUT_OF_SERVICE(
            Scope.CLUSTER,
            Kind.COUNTER,
            "gpuctl_gpus_out_of_service_seconds_total",
            "For how long GPUs were out of service for a fault, summed over them.",
            "pool"),
    POWER(
            Scope.CLUSTER,
            Kind.GAUGE,
            "gpuctl_gpu_power_watts",
            "Power of all GPUs whose telemetry this instance has and that were heard of lately."),
    UTILIZATION(
            Scope.CLUSTER, Kind.GAUGE, "gpuctl_gpu_utilization_ratio", "Mean utilization of the same GPUs, 0 to 1."),
    REPORTING_GPUS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_gpus_reporting", "How many GPUs those are."),
    THROTTLED_GPUS(Scope.CLUSTER, Kind.GAUGE, "gpuctl_gpus_throttled", "Those of them whose clock is lowered by heat."),
    HOTTEST_GPU(Scope.CLUSTER, Kind.GAUGE, "gpuctl_gpu_hottest_celsius", "Temperature of the hottest of them."),

    // Of a pool, from its orchestrator: the orchestrator that decides for the pool reports it.
    NODES_OPERATOR_NEEDED(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_nodes_operator_needed",
            "Nodes that the scheduler cordoned once too often: only an operator brings them back.",
            "pool"),
    GPUS_IN_SERVICE(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_gpus_in_service",
            "GPUs that work, of nodes that are up and not cordoned for a fault.",
            "pool"),
    GPUS_FREE(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_gpus_free",
            "GPUs that tasks can be placed on now: they work, nobody holds them, and their node takes tasks.",
            "pool"),
    TASKS_WAITING(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_tasks_waiting",
            "Tasks that wait, by why they were not placed.",
            "pool",
            "reason"),
    OLDEST_WAIT(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_queue_oldest_wait_seconds",
            "For how long the task that waits longest has waited since it came into the queue; 0 if none waits. Of a task that"
                    + " was there before this orchestrator got the pool: at least so long.",
            "pool",
            "priority"),
    GPUS_REQUESTED(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_queue_gpus_requested",
            "GPUs that the tasks which wait ask for together.",
            "pool"),
    GPUS_FREE_UNUSABLE(
            Scope.SCHEDULER,
            Kind.GAUGE,
            "gpuctl_gpus_free_unusable",
            "Free GPUs on nodes where no task that waits, nor a member of one, fits: fragmentation. 0 if none waits.",
            "pool"),
    SUBMISSIONS(
            Scope.SCHEDULER,
            Kind.COUNTER,
            "gpuctl_submissions_total",
            "Submissions that the orchestrator took, by whether the task was accepted.",
            "pool",
            "outcome"),
    PLACEMENTS(Scope.SCHEDULER, Kind.COUNTER, "gpuctl_placements_total", "Attempts that got GPUs.", "pool"),
    ATTEMPTS_STARTED(
            Scope.SCHEDULER, Kind.COUNTER, "gpuctl_attempts_started_total", "Attempts that began to run.", "pool"),
    FACTS(Scope.SCHEDULER, Kind.COUNTER, "gpuctl_facts_total", "Facts that were written.", "pool", "type"),
    DECISION_TIME(
            Scope.SCHEDULER,
            Kind.HISTOGRAM,
            "gpuctl_scheduling_pass_seconds",
            "How long it took to decide on one input that changed something, or for which the queue was looked at.",
            "pool"),
    PLACEMENT_DELAY(
            Scope.SCHEDULER,
            Kind.HISTOGRAM,
            "gpuctl_submission_to_placement_seconds",
            "From a submission to the task's first placement, seconds of wall-clock time.",
            "pool"),

    // Of Kafka, as the API sees it.
    POOLS_WITHOUT_OWNER(
            Scope.PIPELINE, Kind.GAUGE, "gpuctl_pools_without_owner", "Pools for which no orchestrator decides now."),
    OLDEST_UNREAD_COMMAND(
            Scope.PIPELINE,
            Kind.GAUGE,
            "gpuctl_oldest_unread_command_seconds",
            "For how long the oldest command that no orchestrator has taken has waited, seconds of wall-clock time."),
    GROUP_LAG(
            Scope.PIPELINE,
            Kind.GAUGE,
            "kafka_consumergroup_lag",
            "Records that a group has not committed yet, as kafka_exporter calls it.",
            "consumergroup",
            "topic",
            "partition"),
    IN_SYNC_REPLICAS(
            Scope.PIPELINE,
            Kind.GAUGE,
            "kafka_topic_partition_in_sync_replica",
            "In-sync replicas of a partition, as kafka_exporter calls it.",
            "topic",
            "partition"),
    REPLICAS(
            Scope.PIPELINE,
            Kind.GAUGE,
            "kafka_topic_partition_replicas",
            "Replicas of a partition, as kafka_exporter calls it.",
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
            "By how much the views are behind the facts: 0 if they have processed all, else for how long they have not.",
            "partition"),
    VIEW_RESTORE_REMAINING(
            Scope.PIPELINE,
            Kind.GAUGE,
            "gpuctl_view_restore_records_remaining",
            "Records that this instance's stores have still to restore."),

    // Of a process.
    BUILD_INFO(Scope.PROCESS, Kind.GAUGE, "gpuctl_build_info", "Always 1: the version that runs.", "version"),
    INSTANCE_ACTIVE(
            Scope.PROCESS,
            Kind.GAUGE,
            "gpuctl_instance_active",
            "Whether a service in this process has work of its own, and does not only stand by: 1 or 0.",
            "service"),
    CLOCK_SPEED(
            Scope.PROCESS,
            Kind.GAUGE,
            "gpuctl_clock_speed",
            "Seconds of cluster time in one second of wall-clock time."),
    DEAD_LETTERS(
            Scope.PROCESS,
            Kind.COUNTER,
            "gpuctl_dead_letters_total",
            "Records that this process could not read, by the topic that they came from.",
            "topic"),
    SIMULATED_NODES(Scope.PROCESS, Kind.GAUGE, "gpuctl_simulator_nodes", "Nodes that run in this process."),
    SIMULATED_ATTEMPTS(Scope.PROCESS, Kind.GAUGE, "gpuctl_simulator_attempts", "Attempts that run on these nodes."),

    // Of the API's clients.
    TASK_SUBMISSIONS(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_task_submissions_total",
            "Submissions by what they were answered with.",
            "outcome"),
    COMMANDS(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_commands_total",
            "Commands that were to be written to Kafka, by type, and whether they were.",
            "type",
            "outcome"),
    HTTP_CONNECTIONS(Scope.API, Kind.GAUGE, "gpuctl_http_connections", "Connections of clients."),
    HTTP_CONNECTIONS_REFUSED(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_http_connections_refused_total",
            "Connections for which there was no room."),
    HTTP_CONNECTIONS_ENDED(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_http_connections_ended_total",
            "Connections that this API has ended, by why.",
            "reason"),
    EVENT_CLIENTS(Scope.API, Kind.GAUGE, "gpuctl_events_clients", "Clients that listen to /events."),
    EVENT_CLIENTS_ENDED(
            Scope.API,
            Kind.COUNTER,
            "gpuctl_events_clients_ended_total",
            "Clients of /events that this API has disconnected, by why.",
            "reason"),

    // Of a node, on a separate page, see the targets of the API.
    NODE_INFO(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_node_info",
            "Always 1: where the node stands and what it is made of.",
            "hostname",
            "pool",
            "rack",
            "gpu_model"),
    GPU_INFO(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_gpu_info",
            "Always 1: which device the GPU is, by its driver's word.",
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
            "1 for how well the node is, 0 for all else.",
            "hostname",
            "health"),
    NODE_TELEMETRY_AGE(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_node_telemetry_age_seconds",
            "How long ago its GPUs were measured last, seconds of wall-clock time.",
            "hostname"),
    GPU_UP(
            Scope.NODE,
            Kind.GAUGE,
            "gpuctl_gpu_up",
            "Whether the GPU works and its node is heard of: 1 or 0.",
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
            "Temperature up to which the GPU's model is meant to be used; from there on heat lowers its clock.",
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

    /** What a metric describes, and therefore which service reports it. */
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
