package io.gpuctl.simulator.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of one attempt that nodes of one site run: all work at the pace of the slowest, as after each step they wait
 * for one another.
 *
 * <p>Whose GPUs are free of heat and faults holds nobody up: as long as that is so for a part, what else changes on its
 * node is of no matter to the others, and they are left alone.
 */
final class Gang {
    private final List<Part> parts = new ArrayList<>(1);
    /** The clocks of those that may hold up the others. */
    private List<SlowestClock> slow = List.of();

    private record Part(Attempts host, RunningAttempt attempt) {}

    void add(Attempts host, RunningAttempt attempt) {
        parts.add(new Part(host, attempt));
    }

    /** It waits no more for that part, nor is it waited for. */
    void remove(RunningAttempt attempt, long atMs) {
        parts.removeIf(part -> part.attempt == attempt);
        if (!attempt.isAtFullClock()) {
            changed(attempt, atMs);
        }
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The own clock of this part is another from then on, or it is gone: the others are planned anew. */
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

    /** At which a part works whose own clock is this. */
    SlowestClock clock(SlowestClock own) {
        boolean isHeldUp =
                slow.size() > 1 || (slow.size() == 1 && !slow.getFirst().equals(own));
        return isHeldUp ? own.heldUpBy(slow) : own;
    }
}
