package io.gpuctl.cli.chaos.scenario;

/**
 * A fault, and the guarantees that must hold afterwards.
 *
 * @param name the name on the command line
 * @param summary one line for people
 * @param use where the scenario can run
 * @param course runs the scenario; throws {@link io.gpuctl.cli.chaos.cluster.ChaosException} if the cluster breaks a
 *     guarantee
 */
public record Scenario(String name, String summary, Use use, Course course) {

    /** The clusters on which a scenario can run. */
    public enum Use {
        /** Alone and in a soak, where faults follow one another on one cluster. */
        ANYWHERE,
        /**
         * Alone and in a soak, but no other process is killed meanwhile, since the scenario checks answers that a dead
         * process cannot give.
         */
        UNDISTURBED,
        /** Alone and in a soak, with three brokers only. */
        THREE_BROKERS,
        /** On a cluster of its own: the scenario takes long, or leaves the cluster in a changed state. */
        ALONE,
        /**
         * On a cluster of its own, and the scenario forges facts, so that the log cannot be checked afterwards. The
         * cluster must keep working nevertheless.
         */
        ALONE_FORGED,
        /** On a cluster of its own that starts from another build, which this build replaces. */
        UPGRADE,
        /** Runs {@code gpuctl up} itself, without a cluster or a load. */
        UP
    }

    /** The steps of a scenario. */
    @FunctionalInterface
    public interface Course {
        void run(Stage stage) throws Exception;
    }
}
