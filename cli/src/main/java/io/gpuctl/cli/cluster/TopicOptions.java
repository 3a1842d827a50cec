package io.gpuctl.cli.cluster;

import io.gpuctl.events.kafka.ReplicationChoice;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The number of copies of the topics that a command creates. */
public final class TopicOptions {

    /** The limit of Kafka's protocol. */
    private static final int FACTOR_MAX = Short.MAX_VALUE;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it before it sets an option.
    private CommandSpec spec;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = {
                "Number of replicas of each topic that is created, and of the changelogs of its readers.",
                "Default: 3, or as many as there are brokers."
            })
    private @Nullable Integer replicationFactor;

    @Option(
            names = "--min-insync-replicas",
            paramLabel = "N",
            description = {
                "Number of replicas that must have a record before the record counts as written.",
                "Default: more than half of the replicas; 1 if there are two."
            })
    private @Nullable Integer minInSync;

    /** Returns the replication, by the options if they are given. */
    public ReplicationChoice choice() {
        requireBetween("--replication-factor", replicationFactor, FACTOR_MAX);
        requireBetween("--min-insync-replicas", minInSync, replicationFactor == null ? FACTOR_MAX : replicationFactor);
        return new ReplicationChoice(optional(replicationFactor), optional(minInSync));
    }

    private void requireBetween(String option, @Nullable Integer value, int max) {
        if (value != null && (value < 1 || value > max)) {
            throw new ParameterException(
                    spec.commandLine(), "%s is %d, but must be between 1 and %d".formatted(option, value, max));
        }
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
