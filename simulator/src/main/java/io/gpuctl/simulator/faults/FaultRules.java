package io.gpuctl.simulator.faults;

import io.gpuctl.events.InvalidFieldException;

/** Checks that the laws share. */
final class FaultRules {
    private FaultRules() {}

    static void inRange(String field, double value, double min, double max) {
        if (!(value >= min && value <= max)) { // Refuses NaN too.
            throw new InvalidFieldException(field, value, "a number from %s to %s".formatted(min, max));
        }
    }
}
