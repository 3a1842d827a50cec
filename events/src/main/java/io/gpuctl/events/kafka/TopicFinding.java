package io.gpuctl.events.kafka;

import java.util.Locale;

/**
 * A difference between a cluster and the needs of gpuctl.
 *
 * @param subject the topic, or {@code brokers}
 * @param property what differs: {@code partitions}, {@code replication.factor}, or a setting of Kafka
 * @param needed the required value in words: {@code 4}, {@code at least 2}
 * @param remedy what to do, for people
 */
public record TopicFinding(
        Severity severity, String subject, String property, String found, String needed, String remedy) {
    /** The severity of a finding: whether gpuctl can use a cluster in spite of it. */
    public enum Severity {
        /** gpuctl cannot run, or may lose records that it has acknowledged. */
        ERROR,
        /** The cluster offers less than what is recommended. */
        WARNING;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the difference in one sentence, without the remedy. */
    @Override
    public String toString() {
        return "%s: %s is %s, but must be %s".formatted(subject, property, found, needed);
    }
}
