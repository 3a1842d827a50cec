package io.gpuctl.cli.chaos.scenario;

/**
 * One fault, and what must hold.
 *
 * @param name as it is chosen on the command line
 * @param summary one line for people
 * @param use where it can run
 * @param course does it; throws {@link io.gpuctl.cli.chaos.cluster.ChaosException} if the cluster does not stand it
 */
public record Scenario(String name, String summary, Use use, Course course) {

    /** Where a scenario can run. */
    public enum Use {
        /** Alone and in a soak, where faults follow one another on one cluster. */
        ANYWHERE,
        /** Alone and in a soak, but nothing else is killed meanwhile: it looks at answers that a dead process does not give. */
        UNDISTURBED,
        /** Alone and in a soak, with three brokers only. */
        THREE_BROKERS,
        /** On a cluster of its own: it takes long, or leaves the cluster other than it found it. */
        ALONE,
        /** As above; and it forges facts, so that the log cannot be judged afterwards. The cluster must go on all the same. */
        ALONE_FORGED,
        /** On a cluster of its own that starts from another build, and with this one to replace it. */
        UPGRADE,
        /** It runs {@code gpuctl up} itself, without a cluster or a load. */
        UP
    }

    /** What happens. */
    @FunctionalInterface
    public interface Course {
        void run(Stage stage) throws Exception;
    }
}
