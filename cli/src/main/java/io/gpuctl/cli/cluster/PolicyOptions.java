package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.orchestrator.policy.Policies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How the orchestrator decides: a mixin. */
final class PolicyOptions {

    /** Wall-clock time of silence, five missed heartbeats, after which a node gets no new tasks. */
    private static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    /** Wall-clock time of silence after which a node's tasks are tried elsewhere. */
    private static final Duration LOST_AFTER = Duration.ofSeconds(10);

    /** What a shell completes; ORDER+PLACEMENT is allowed too. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(Policies.names());
        }
    }

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it sets the options.
    private CommandSpec command;

    private String policy = "fifo";

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "fifo",
            completionCandidates = Names.class,
            description =
                    "How tasks get their nodes: ${COMPLETION-CANDIDATES}, or ORDER+PLACEMENT of them, see below"
                            + " (default: ${DEFAULT-VALUE}). An order alone goes with first-fit, a placement alone with arrival.")
    void setPolicy(String name) {
        try {
            Policies.create(PolicySpec.named(name));
        } catch (InvalidFieldException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "Invalid value for option '--policy': %s is not %s".formatted(e.value(), e.allowed()));
        }
        policy = name;
    }

    @Option(
            names = "--weights",
            paramLabel = "KEY=NUMBER",
            split = ",",
            description =
                    "Weights of the policy, for example temperature=2,power=0.5; the others keep their defaults, see below.")
    private Map<String, Double> weights = new LinkedHashMap<>();

    @Option(
            names = "--policy-seed",
            paramLabel = "NUMBER",
            defaultValue = "42",
            description =
                    "Seed for policies that draw random numbers, and for shuffle_nodes=1 (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--manual", description = "Schedule only when asked to: curl -X POST localhost:8080/scheduler/run")
    private boolean manual;

    String name() {
        return policy;
    }

    /** The settings of each pool; the timeouts, which are wall-clock time, as cluster time. */
    PoolSettings settings(ClusterClock clock) {
        PoolSettings defaults = PoolSettings.withPolicy(PolicySpec.named(policy));
        return new PoolSettings(
                new PolicySpec(policy, weights, seed),
                manual,
                defaults.nodeLossesMax(),
                defaults.retryBackoffMs(),
                clock.clusterDurationMs(SUSPECT_AFTER.toMillis()),
                clock.clusterDurationMs(LOST_AFTER.toMillis()),
                defaults.finishedTasksKept());
    }
}
