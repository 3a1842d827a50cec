package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.PolicySpec;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.TargetWorkload;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.trace.WorkloadFile;
import io.gpuctl.experiments.trace.WorkloadFormatException;
import io.gpuctl.orchestrator.policy.Policies;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The settings that the orchestrator puts into force in its pools: a mixin. */
final class PolicyOptions {

    /** Wall-clock time without a heartbeat, five missed ones, after which a node gets no new tasks. */
    private static final Duration SUSPECT_AFTER = Duration.ofSeconds(5);

    /** Wall-clock time without a heartbeat after which a node's tasks are retried on other nodes. */
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
            description = "How tasks are ordered and placed: ${COMPLETION-CANDIDATES}, or ORDER+PLACEMENT of them, see"
                    + " below (default: ${DEFAULT-VALUE}). An order alone uses first-fit, a placement alone"
                    + " uses arrival.")
    void setPolicy(String name) {
        PolicyName.requireKnown(name, command.commandLine());
        policy = name;
    }

    @Mixin
    private PolicyTuning tuning = new PolicyTuning();

    private TargetWorkload target = TargetWorkload.EMPTY;

    @Option(
            names = "--target-workload",
            paramLabel = "FILE",
            description = "For fgd: a workload with tasks like the expected ones, in any format of gpuctl trace info"
                    + " (default: mostly shares and single GPUs).")
    void setTargetWorkload(Path file) {
        try {
            target = TargetWorkload.of(WorkloadFile.read(file).arrivals().stream()
                    .map(Arrival::task)
                    .toList());
        } catch (IOException e) {
            throw unusable("%s cannot be read: %s".formatted(file, FileFailure.reason(e)));
        } catch (WorkloadFormatException | InvalidFieldException e) {
            throw unusable(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException unusable(String problem) {
        return new ParameterException(
                command.commandLine(), "Invalid value for option '--target-workload': " + problem);
    }

    @Option(
            names = "--manual",
            description = "Schedule only on request: curl -X POST -H Content-Type:application/json"
                    + " localhost:8080/scheduler/run")
    private boolean manual;

    @Mixin
    private RetentionOptions retention = new RetentionOptions();

    String name() {
        return policy;
    }

    /** Returns the policy; throws {@link ParameterException} if the policy does not support these settings. */
    PolicySpec spec() {
        try {
            var spec = new PolicySpec(policy, tuning.weights(), tuning.seed(), target);
            Policies.create(spec);
            return spec;
        } catch (InvalidFieldException e) {
            throw PolicyTuning.unusable(command.commandLine(), e);
        }
    }

    /** Returns the settings of each pool. The timeouts, which are wall-clock time, are converted to cluster time. */
    PoolSettings settings(ClusterClock clock) {
        return PoolSettings.withPolicy(spec())
                .withManual(manual)
                .withSilence(
                        clock.clusterDurationMs(SUSPECT_AFTER.toMillis()),
                        clock.clusterDurationMs(LOST_AFTER.toMillis()))
                .remembering(retention.tasks(), retention.tasksMs());
    }
}
