package io.gpuctl.cli.kafka;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.kafka.FailureText;
import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.KafkaProblem;

/** Turns failures of Kafka into messages: which address, which user, what is wrong and what to do. */
public final class KafkaFailures {
    private KafkaFailures() {}

    /** Returns the failure for any exception that a client threw. */
    public static CommandFailedException of(KafkaConnection kafka, Throwable failure) {
        KafkaProblem problem = KafkaProblem.of(failure, kafka).orElse(null);
        if (problem == null) {
            return new CommandFailedException(
                    "Kafka at %s cannot be used: %s".formatted(kafka, FailureText.of(failure)), failure);
        }
        String message = "Kafka at %s cannot be used: %s".formatted(kafka, problem.text());
        return new CommandFailedException(
                problem.kind() == KafkaProblem.Kind.UNREACHABLE
                        ? message
                                + ". Is a broker running there? Give the address of a broker with --kafka HOST:PORT,"
                                + " and the settings of its clients with --kafka-config FILE."
                        : message,
                failure);
    }
}
