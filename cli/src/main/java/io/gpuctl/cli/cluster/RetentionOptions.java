package io.gpuctl.cli.cluster;

import io.gpuctl.cli.client.QuantityConverter;
import io.gpuctl.events.PoolSettings;
import io.gpuctl.events.Work;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How many finished tasks a pool remembers, and for how long: a mixin. */
final class RetentionOptions {
    private static final Duration AGE_MAX = Duration.ofMillis(Work.MAX_DURATION_MS);

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it sets the options.
    private CommandSpec command;

    private int tasks;
    private Duration age = Duration.ZERO;

    @Option(
            names = "--retain-finished",
            paramLabel = "COUNT",
            defaultValue = "100000",
            description = "How many finished tasks each pool remembers (default: ${DEFAULT-VALUE}). Older ones are only"
                    + " in the log, and their ids may be used again.")
    void setTasks(int count) {
        if (count < 0 || count > PoolSettings.FINISHED_TASKS_KEPT_MAX) {
            throw new ParameterException(
                    command.commandLine(),
                    "--retain-finished is %d, but must be from 0 to %d"
                            .formatted(count, PoolSettings.FINISHED_TASKS_KEPT_MAX));
        }
        tasks = count;
    }

    @Option(
            names = "--retain-finished-age",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = QuantityConverter.OfDuration.class,
            description = "For how long each pool remembers finished tasks, in cluster time: 30d. 0s is no limit"
                    + " (default: no limit).")
    void setAge(Duration limit) {
        if (limit.compareTo(AGE_MAX) > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "--retain-finished-age is %dd, but must be at most %dd"
                            .formatted(limit.toDays(), AGE_MAX.toDays()));
        }
        age = limit;
    }

    int tasks() {
        return tasks;
    }

    /** Returns the longest time, ms of cluster time; 0 for no limit. */
    long tasksMs() {
        return age.toMillis();
    }
}
