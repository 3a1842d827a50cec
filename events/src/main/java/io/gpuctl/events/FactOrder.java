package io.gpuctl.events;

/**
 * How far a reader has come in the facts of a pool, by their numbers.
 *
 * <p>A fact that leaves a gap is not taken for the pool's next one as long as it is alone: whoever may write to the topic
 * can write any number, and were it taken, all that the orchestrator writes next would count as seen before. Two in a row
 * from beyond a gap say that what is between is lost.
 *
 * @param last the number of the fact that was taken last; 0 if none was
 * @param ahead the number of the fact that left a gap since, and was not taken; 0 if none did
 */
public record FactOrder(long last, long ahead) {
    public static final FactOrder START = new FactOrder(0, 0);

    /** What a fact is to those before it. */
    public enum Step {
        NEXT,
        /** Its number was there before. */
        REPEATED,
        /** It leaves a gap, and is not to be taken. */
        ALONE_AHEAD,
        /** It follows one that left a gap, and is to be taken: what is between is missing. */
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
