package io.gpuctl.orchestrator.core;

import io.gpuctl.events.PendingReason;
import io.gpuctl.events.Shape;
import java.util.List;
import java.util.SortedMap;

/**
 * Chooses where a task runs. A placement decides from its arguments alone, and breaks ties by a documented order of the
 * nodes. What it caches between calls only saves time, and changes no decision.
 */
public interface Placement {
    /** The name that configuration and logs use. */
    String name();

    /** Returns the place for a task now, or why there is none. */
    Choice choose(Request request, Nodes nodes);

    /** Returns how the policy rates every node for a task, in the order of the nodes. */
    List<Candidate> explain(Request request, Nodes nodes);

    /**
     * A request to place a task.
     *
     * @param submitSequence sequence of the fact that accepted the task
     * @param attempt number of the attempt to be placed, from 1; with the sequence it identifies this placement, for
     *     policies that draw random numbers
     */
    record Request(Shape shape, long submitSequence, int attempt) {
        static Request next(TaskRecord task) {
            return new Request(Shape.of(task.spec()), task.submitSequence(), task.attempt() + 1);
        }
    }

    /** The choice of a policy. */
    sealed interface Choice {}

    /**
     * The task runs here.
     *
     * @param parts at least one; each node once
     * @param score the value of each part of the score for this place; empty for a policy that does not score
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
     * The part of a place on one node.
     *
     * @param gpus indexes in ascending order
     */
    record Part(Node node, List<Integer> gpus) {}

    /** The task cannot be placed now. */
    record Nowhere(PendingReason reason) implements Choice {}

    /** One node in an explanation: either an obstacle, or GPUs with their score. */
    sealed interface Candidate {
        Node node();

        record RuledOut(Node node, PendingReason.Code obstacle) implements Candidate {}

        /**
         * A node that the task would fit.
         *
         * @param total the total score: the highest wins, and among equals the first node
         */
        record Scored(Node node, List<Integer> gpus, double total, SortedMap<String, Double> parts)
                implements Candidate {}
    }
}
