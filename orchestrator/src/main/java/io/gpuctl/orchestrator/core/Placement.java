package io.gpuctl.orchestrator.core;

import io.gpuctl.events.PendingReason;
import io.gpuctl.events.Shape;
import java.util.List;
import java.util.SortedMap;

/**
 * Chooses where a task runs. It decides from its arguments alone, and breaks ties by a documented order of the nodes.
 * What it keeps between calls only saves time: no decision rests on it.
 */
public interface Placement {
    /** The name that configuration and logs use. */
    String name();

    /** The place for a task now, or why there is none. */
    Choice choose(Request request, Nodes nodes);

    /** How the policy sees every node for a task; in the order of the nodes. */
    List<Candidate> explain(Request request, Nodes nodes);

    /**
     * What is to be placed.
     *
     * @param submitSequence sequence of the fact that accepted the task
     * @param attempt number of the attempt that is to be placed, from 1; with the sequence it names this placement once
     *     and for all, for policies that draw random numbers
     */
    record Request(Shape shape, long submitSequence, int attempt) {
        static Request next(TaskRecord task) {
            return new Request(Shape.of(task.spec()), task.submitSequence(), task.attempt() + 1);
        }
    }

    /** What a policy says. */
    sealed interface Choice {}

    /**
     * The task goes here.
     *
     * @param parts at least one; each node once
     * @param score what each part of the score gives this place; empty for a policy that does not score
     */
    record Place(List<Part> parts, SortedMap<String, Double> score) implements Choice {
        public Place {
            parts = List.copyOf(parts);
        }

        public static Place on(Node node, List<Integer> gpus, SortedMap<String, Double> score) {
            return new Place(List.of(new Part(node, gpus)), score);
        }
    }

    /**
     * What of a place is on one node.
     *
     * @param gpus indexes in ascending order
     */
    record Part(Node node, List<Integer> gpus) {}

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
