package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.events.PoolInput;

/** What a decision was made on, as far as the log has it. */
sealed interface Input {
    /** The record that the facts name. */
    record Found(LogPlace place, PoolInput value) implements Input {}

    /** It is no longer in the log, and nothing is wrong with that: input topics are kept for days. */
    record Gone() implements Input {}
}
