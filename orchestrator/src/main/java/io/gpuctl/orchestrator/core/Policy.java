package io.gpuctl.orchestrator.core;

import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskSpec;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * Chooses where a task runs. A policy decides from its arguments alone, breaks ties by the order of the nodes, and keeps
 * nothing between calls that a decision rests on.
 */
public interface Policy {
    /** The name that configuration and logs use. */
    String name();

    /**
     * Whether a task that does not fit holds back all that are behind it in the queue. If not, those that fit run ahead
     * of it.
     */
    boolean isStrict();

    /**
     * The place for a task now, or why there is none.
     *
     * @param nodes all nodes of the pool, in the order of their ids
     */
    Choice choose(TaskSpec task, Collection<Node> nodes);

    /** How the policy sees every node for a task; in the order of the nodes. */
    List<Candidate> explain(TaskSpec task, Collection<Node> nodes);

    /** What a policy says. */
    sealed interface Choice {}

    /**
     * The task goes here.
     *
     * @param gpus indexes in ascending order
     * @param score what each part of the score gives this place; empty for a policy that does not score
     */
    record Place(Node node, List<Integer> gpus, SortedMap<String, Double> score) implements Choice {}

    /** The task goes nowhere now. */
    record Nowhere(PendingReason reason) implements Choice {}

    /** One node in an explanation: either an obstacle, or GPUs with their score. */
    sealed interface Candidate {
        Node node();

        record RuledOut(Node node, PendingReason.Code obstacle) implements Candidate {}

        /**
         * The task would fit.
         *
         * @param total what the nodes are compared by: the highest wins, the first of equals
         */
        record Scored(Node node, List<Integer> gpus, double total, SortedMap<String, Double> parts)
                implements Candidate {}
    }
}
