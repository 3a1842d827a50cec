package io.gpuctl.orchestrator.core;

import io.gpuctl.events.CordonCause;

/**
 * The cordon of a node, which gets no new tasks. Times are ms of cluster time.
 *
 * @param drain whether the tasks that run on the node are stopped
 * @param detail for people
 * @param sinceMs since when the node has been cordoned, for any cause
 * @param untilMs when the cordon ends automatically; 0 if only an operator or a restart of the node ends it
 * @param tries number of automatic cordons within the window of the settings, including this one; 0 for an operator's
 *     cordon
 * @param drained whether the node is drained and holds nothing any more
 */
public record Cordon(
        CordonCause cause, boolean drain, String detail, long sinceMs, long untilMs, int tries, boolean drained) {
    /** Returns the cordon after the pool's time was set back. */
    Cordon shifted(ClockShift shift) {
        return new Cordon(cause, drain, detail, shift.of(sinceMs), shift.of(untilMs), tries, drained);
    }

    Cordon asDrained() {
        return new Cordon(cause, drain, detail, sinceMs, untilMs, tries, true);
    }
}
