package io.gpuctl.audit.redo;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolId;
import java.util.List;

/**
 * Consecutive facts of a pool with the same cause and time: the result of one input. With a timer as the cause, they
 * may belong to more than one tick.
 *
 * @param facts at least one
 */
record RecordedDecision(List<RecordedFact> facts) {
    RecordedDecision {
        facts = List.copyOf(facts);
    }

    RecordedFact first() {
        return facts.getFirst();
    }

    PoolId pool() {
        return first().fact().pool();
    }

    Cause cause() {
        return first().fact().cause();
    }

    long atMs() {
        return first().fact().atMs();
    }
}
