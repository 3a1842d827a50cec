package io.gpuctl.events;

/**
 * The cause of a fact: what made the orchestrator write it.
 *
 * @param source a topic; or {@link #TIMER} or {@link #OPERATOR}, with partition and offset -1
 */
public record Cause(String source, int partition, long offset) {
    public static final String TIMER_SOURCE = "timer";
    public static final String OPERATOR_SOURCE = "operator";

    /** The passing of time. */
    public static final Cause TIMER = new Cause(TIMER_SOURCE, -1, -1);

    /** The configuration that the orchestrator was started with. */
    public static final Cause OPERATOR = new Cause(OPERATOR_SOURCE, -1, -1);

    public Cause {
        Check.maxLength("source", source, 249);
    }
}
