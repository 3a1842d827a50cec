package io.gpuctl.orchestrator.core;

import io.gpuctl.events.CordonCause;

/**
 * That a node gets no new tasks. Times are ms of cluster time.
 *
 * @param drain whether what runs there is stopped
 * @param detail for people
 * @param sinceMs since when the node is cordoned, for whatever cause
 * @param untilMs when it is uncordoned by itself; 0 if that takes an operator or a new start
 * @param tries how many automatic cordons there were within the window of the settings, this one included; 0 of an
 *     operator's
 * @param drained whether nothing has been held there since it is drained
 */
public record Cordon(
        CordonCause cause, boolean drain, String detail, long sinceMs, long untilMs, int tries, boolean drained) {
    /** The pool's time was set back. */
    Cordon shifted(ClockShift shift) {
        return new Cordon(cause, drain, detail, shift.of(sinceMs), shift.of(untilMs), tries, drained);
    }

    Cordon asDrained() {
        return new Cordon(cause, drain, detail, sinceMs, untilMs, tries, true);
    }
}
