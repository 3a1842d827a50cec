package io.gpuctl.audit.redo;

import io.gpuctl.events.Cause;
import io.gpuctl.events.PoolId;
import java.util.List;

/**
 * Facts of a pool, one behind the other, of one cause and one time: what one input led to. Of a timer they may be of more
 * than one tick.
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
