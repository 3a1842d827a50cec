package io.gpuctl.cli;

import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.KafkaProblem;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ExitCode;

/** The exit codes of commands. The codes for Kafka problems are the nearest ones in BSD's sysexits.h. */
final class ExitCodes {

    /** The code that a shell reports for a program that SIGPIPE ended. */
    static final int READER_GONE = 141;

    /** EX_UNAVAILABLE. */
    private static final int KAFKA_UNREACHABLE = 69;

    /** EX_PROTOCOL. */
    private static final int KAFKA_NOT_AUTHENTICATED = 76;

    /** EX_NOPERM. */
    private static final int KAFKA_NOT_AUTHORIZED = 77;

    /** EX_CONFIG. */
    private static final int KAFKA_UNSUITABLE = 78;

    /** Any address will do: only the kind of problem is used. */
    private static final KafkaConnection ANY = KafkaConnection.of("kafka:9092");

    private ExitCodes() {}

    /** Returns the exit code of a command that ended with this failure. */
    static int of(Throwable failure) {
        return KafkaProblem.of(failure, ANY)
                .map(problem -> switch (problem.kind()) {
                    case UNREACHABLE -> KAFKA_UNREACHABLE;
                    case NOT_AUTHENTICATED -> KAFKA_NOT_AUTHENTICATED;
                    case NOT_AUTHORIZED -> KAFKA_NOT_AUTHORIZED;
                    case UNSUITABLE -> KAFKA_UNSUITABLE;
                })
                .orElse(ExitCode.SOFTWARE);
    }

    /** Returns the exit codes of every command, for help. */
    static Map<String, String> described() {
        var codes = new LinkedHashMap<String, String>();
        codes.put("0", "success");
        codes.put("1", "failure of the task, the cluster or the connection; stderr says which");
        codes.put("2", "the command line or a setting is wrong; stderr says where");
        codes.put(Integer.toString(READER_GONE), "the reader closed the output, as head does");
        return codes;
    }

    /** Returns the exit codes of commands that are clients of Kafka, for help. */
    static Map<String, String> describedOfKafka() {
        var codes = new LinkedHashMap<String, String>();
        codes.put(Integer.toString(KAFKA_UNREACHABLE), "Kafka does not answer; it may be enough to wait");
        codes.put(
                Integer.toString(KAFKA_NOT_AUTHENTICATED),
                "Kafka refuses the user, password or certificate, or Kafka's own certificate is not valid");
        codes.put(Integer.toString(KAFKA_NOT_AUTHORIZED), "Kafka's user lacks a right (ACL)");
        codes.put(Integer.toString(KAFKA_UNSUITABLE), "Kafka's topics do not have the required configuration");
        return codes;
    }
}
