package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How the orchestrator decides: a mixin. */
final class PolicyOptions {

    /** Wall-clock time of silence, five missed heartbeats, after which a node gets no new tasks. */
    private static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    /** Wall-clock time of silence after which a node's tasks are tried elsewhere. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(10);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it sets the options.
    private CommandSpec command;

    private String policy = "fifo";

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "fifo",
            completionCandidates = PolicyName.Candidates.class,
            description =
                    "How tasks get their nodes: ${COMPLETION-CANDIDATES}, or ORDER+PLACEMENT of them, see below"
                            + " (default: ${DEFAULT-VALUE}). An order alone goes with first-fit, a placement alone with arrival.")
    void setPolicy(String name) {
        PolicyName.requireKnown(name, command.commandLine());
        policy = name;
    }

    @Mixin
    private PolicyTuning tuning = new PolicyTuning();

    @Option(names = "--manual", description = "Schedule only when asked to: curl -X POST localhost:8080/scheduler/run")
    private boolean manual;

    String name() {
        return policy;
    }

    /** The settings of each pool; the timeouts, which are wall-clock time, as cluster time. */
    PoolSettings settings(ClusterClock clock) {
        PoolSettings defaults = PoolSettings.withPolicy(PolicySpec.named(policy));
        return new PoolSettings(
                new PolicySpec(policy, tuning.weights(), tuning.seed()),
                manual,
                defaults.nodeLossesMax(),
                defaults.retryBackoffMs(),
                clock.clusterDurationMs(SUSPECT_AFTER.toMillis()),
                clock.clusterDurationMs(LOST_AFTER.toMillis()),
                defaults.finishedTasksKept());
    }
}
