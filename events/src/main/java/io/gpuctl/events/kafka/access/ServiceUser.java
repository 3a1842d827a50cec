package io.gpuctl.events.kafka.access;

import java.util.Locale;

/** The services and tools that have their own Kafka user. Their rights are in {@link AccessRules}. */
public enum ServiceUser {
    /** {@code gpuctl run orchestrator}. */
    ORCHESTRATOR("decides: the only writer of facts and placements"),

    /** {@code gpuctl run api}, with the views that it hosts. */
    API("takes commands, and answers from the views"),

    /** {@code gpuctl run simulator}, or an agent on a real node. */
    NODES("run tasks, and report what they see"),

    /**
     * {@code gpuctl verify}, {@code log export}, {@code bench} and {@code replay}: reads everything and changes
     * nothing.
     */
    AUDITOR("reads everything, for verify, log export and bench"),

    /** {@code gpuctl topics}: creates and configures topics, and reads no records. */
    DEPLOYER("creates and checks the topics");

    private final String purpose;

    ServiceUser(String purpose) {
        this.purpose = purpose;
    }

    /** Returns the purpose of the user, for people. */
    public String purpose() {
        return purpose;
    }

    /** Returns the default Kafka principal: {@code User:gpuctl-api}. */
    public String defaultPrincipal() {
        return "User:gpuctl-" + this;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
