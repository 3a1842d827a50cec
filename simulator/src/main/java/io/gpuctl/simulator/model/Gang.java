package io.gpuctl.simulator.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of one attempt that the nodes of one site run. All work at the pace of the slowest, since they wait for one
 * another after each step.
 *
 * <p>A part whose GPUs are not slowed by heat or faults does not hold up the others. As long as this is so, changes on
 * its node do not affect the other parts, and they are not planned again.
 */
final class Gang {
    private final List<Part> parts = new ArrayList<>(1);
    /** The clocks of the parts that may hold up the others. */
    private List<SlowestClock> slow = List.of();

    private record Part(Attempts host, RunningAttempt attempt) {}

    void add(Attempts host, RunningAttempt attempt) {
        parts.add(new Part(host, attempt));
    }

    /** Removes a part: the others no longer wait for it. */
    void remove(RunningAttempt attempt, long atMs) {
        parts.removeIf(part -> part.attempt == attempt);
        if (!attempt.isAtFullClock()) {
            changed(attempt, atMs);
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** Plans the other parts again, after the own clock of this part has changed or the part is gone. */
    void changed(RunningAttempt changed, long atMs) {
        slow = parts.stream()
                .map(Part::attempt)
                .filter(attempt -> !attempt.isAtFullClock())
                .map(RunningAttempt::ownClock)
                .toList();
        for (var part : parts) {
            if (part.attempt != changed) {
                part.host.replan(part.attempt, atMs);
            }
        }
    }

    /** Returns the clock at which a part with this own clock works. */
    SlowestClock clock(SlowestClock own) {
        boolean isHeldUp =
                slow.size() > 1 || (slow.size() == 1 && !slow.getFirst().equals(own));
        return isHeldUp ? own.heldUpBy(slow) : own;
    }
}
