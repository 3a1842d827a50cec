package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How the orchestrator decides: a mixin. */
final class PolicyOptions {

    /** Wall-clock time of silence, five missed heartbeats, after which a node gets no new tasks. */
    private static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    /** Wall-clock time of silence after which a node's tasks are tried elsewhere. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(10);

    /** What the command line offers; picocli checks it and shows it. */
    enum PolicyName {
        fifo,
        intelligent
    }

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "fifo",
            description = {
                "How tasks get their nodes: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
                "fifo: strict order, the first node with room.",
                "intelligent: a weighted score of temperature, free memory, utilisation and power."
            })
    private PolicyName policy = PolicyName.fifo;

    @Option(
            names = "--weights",
            paramLabel = "KEY=NUMBER",
            split = ",",
            description = "Weights of the policy, for example temperature=2,power=0.5; the others keep their defaults.")
    private Map<String, Double> weights = new LinkedHashMap<>();

    @Option(names = "--manual", description = "Schedule only when asked to: curl -X POST localhost:8080/scheduler/run")
    private boolean manual;

    String name() {
        return policy.name();
    }

    /** The settings of each pool; the timeouts, which are wall-clock time, as cluster time. */
    PoolSettings settings(ClusterClock clock) {
        PoolSettings defaults = PoolSettings.withPolicy(PolicySpec.named(policy.name()));
        return new PoolSettings(
                new PolicySpec(policy.name(), weights, defaults.policy().seed()),
                manual,
                defaults.nodeLossesMax(),
                defaults.retryBackoffMs(),
                clock.clusterDurationMs(SUSPECT_AFTER.toMillis()),
                clock.clusterDurationMs(LOST_AFTER.toMillis()),
                defaults.finishedTasksKept());
    }
}
