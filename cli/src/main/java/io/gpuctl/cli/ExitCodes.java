package io.gpuctl.cli;

import io.gpuctl.events.kafka.KafkaConnection;
import io.gpuctl.events.kafka.KafkaProblem;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ExitCode;

/** The codes that a command can end with. Those about Kafka are the nearest of BSD's sysexits.h. */
final class ExitCodes {

    /** What a shell says of a program that SIGPIPE has ended. */
    static final int READER_GONE = 141;

    /** EX_UNAVAILABLE. */
    private static final int KAFKA_UNREACHABLE = 69;

    /** EX_PROTOCOL. */
    private static final int KAFKA_NOT_AUTHENTICATED = 76;

    /** EX_NOPERM. */
    private static final int KAFKA_NOT_AUTHORIZED = 77;

    /** EX_CONFIG. */
    private static final int KAFKA_UNSUITABLE = 78;

    /** Whatever the address: only the kind of problem is asked for. */
    private static final KafkaConnection ANY = KafkaConnection.of("kafka:9092");

    private ExitCodes() {}

    /** Of a command that ended with this failure. */
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

    /** For help: the codes of every command. */
    static Map<String, String> described() {
        var codes = new LinkedHashMap<String, String>();
        codes.put("0", "it is done");
        codes.put("1", "it failed: the task, the cluster, or the way there; stderr says what");
        codes.put("2", "the command line or a setting is wrong; stderr says where");
        codes.put(Integer.toString(READER_GONE), "whoever read the output has gone, as head does");
        return codes;
    }

    /** For help: the codes of commands that are clients of Kafka. */
    static Map<String, String> describedOfKafka() {
        var codes = new LinkedHashMap<String, String>();
        codes.put(Integer.toString(KAFKA_UNREACHABLE), "Kafka does not answer; it may be enough to wait");
        codes.put(
                Integer.toString(KAFKA_NOT_AUTHENTICATED),
                "Kafka refuses user, password or certificate, or has a wrong one");
        codes.put(Integer.toString(KAFKA_NOT_AUTHORIZED), "Kafka's user lacks a right (ACL)");
        codes.put(Integer.toString(KAFKA_UNSUITABLE), "Kafka's topics are not as they must be");
        return codes;
    }
}
