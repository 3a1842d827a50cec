package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.events.PoolInput;

/** The input of a decision, if the log has it. */
sealed interface Input {
    /** The record that the facts name. */
    record Found(LogPlace place, PoolInput value) implements Input {}

    /** The input is no longer in the log. That is normal: the retention of input topics is some days. */
    record Gone() implements Input {}
}
