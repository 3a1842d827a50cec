package io.gpuctl.events;

/**
 * A reader's position in the facts of a pool, by sequence number.
 *
 * <p>A single fact beyond a gap is not taken. Any client that may write to the topic can write any number; if its fact
 * were taken, the facts that the orchestrator writes next would count as repeated. Two facts in a row beyond a gap show
 * that the facts in the gap are lost.
 *
 * @param last the number of the fact that was taken last; 0 if no fact was taken
 * @param ahead the number of the later fact that left a gap and was not taken; 0 if there is none
 */
public record FactOrder(long last, long ahead) {
    public static final FactOrder START = new FactOrder(0, 0);

    /** The relation of a fact to the facts before it. */
    public enum Step {
        NEXT,
        /** The fact's number is not above the number of the fact that was taken last. */
        REPEATED,
        /** The fact leaves a gap and is not taken. */
        ALONE_AHEAD,
        /** The fact follows a fact that left a gap, and is taken: the facts in the gap are missing. */
        BEHIND_GAP;

        public boolean isTaken() {
            return this == NEXT || this == BEHIND_GAP;
        }
    }

    public Step step(Fact fact) {
        long number = fact.sequence();
        if (number <= last) {
            return Step.REPEATED;
        }
        if (number - 1 == last) {
            return Step.NEXT;
        }
        return ahead > 0 && number - 1 == ahead ? Step.BEHIND_GAP : Step.ALONE_AHEAD;
    }

    public FactOrder after(Fact fact) {
        return switch (step(fact)) {
            case NEXT, BEHIND_GAP -> new FactOrder(fact.sequence(), 0);
            case REPEATED -> this;
            case ALONE_AHEAD -> new FactOrder(last, fact.sequence());
        };
    }
}
