package io.gpuctl.orchestrator.core;

import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.HealthSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a node that may be used while the node is reachable. Each method that is named after an event returns
 * the upkeep after the event, and throws {@link IllegalStateException} if the event is not legal.
 *
 * @param gpusOut indexes of the GPUs that are out of service
 * @param cordon the cordon; null if the node gets new tasks
 * @param slowReports number of slow reports in a row
 * @param cordonedAtMs when the node was automatically cordoned, ms of cluster time, oldest first; a new automatic
 *     cordon drops the times that are too old to count
 */
public record Upkeep(SortedSet<Integer> gpusOut, @Nullable Cordon cordon, int slowReports, List<Long> cordonedAtMs) {
    public static final Upkeep NONE = new Upkeep(Collections.emptySortedSet(), null, 0, List.of());

    public Upkeep {
        gpusOut = Collections.unmodifiableSortedSet(new TreeSet<>(gpusOut));
        cordonedAtMs = List.copyOf(cordonedAtMs);
    }

    /** Returns the number of automatic cordons within the window, including one now. */
    int triesWithOneMore(long nowMs, HealthSettings settings) {
        return recent(nowMs, settings).size() + 1;
    }

    private List<Long> recent(long nowMs, HealthSettings settings) {
        return cordonedAtMs.stream()
                .filter(atMs -> atMs > nowMs - settings.triesWindowMs())
                .toList();
    }

    /**
     * Returns the upkeep after a restart of the node: all GPUs are in service until the node reports otherwise, and
     * slow reports count from 0.
     */
    Upkeep restarted() {
        return new Upkeep(Collections.emptySortedSet(), cordon, 0, cordonedAtMs);
    }

    Upkeep gpuTakenOut(int gpu) {
        SortedSet<Integer> more = new TreeSet<>(gpusOut);
        require(more.add(gpu), "GPU " + gpu + " is already out of service");
        return new Upkeep(more, cordon, slowReports, cordonedAtMs);
    }

    Upkeep gpuReturned(int gpu) {
        SortedSet<Integer> fewer = new TreeSet<>(gpusOut);
        require(fewer.remove(gpu), "GPU " + gpu + " is in service");
        return new Upkeep(fewer, cordon, slowReports, cordonedAtMs);
    }

    Upkeep cordoned(ClusterEvent.NodeCordoned event, long atMs, HealthSettings settings) {
        List<Long> automatic = cordonedAtMs;
        if (event.cause() != CordonCause.OPERATOR) {
            automatic = new ArrayList<>(recent(atMs, settings));
            automatic.add(atMs);
        }
        Cordon next = new Cordon(
                event.cause(),
                event.drain(),
                event.detail(),
                cordon == null ? atMs : cordon.sinceMs(),
                event.untilMs(),
                event.cause() == CordonCause.OPERATOR ? 0 : automatic.size(),
                cordon != null && cordon.drained() && event.drain());
        require(!next.equals(cordon), "the node is already cordoned in the same way");
        return new Upkeep(gpusOut, next, 0, automatic);
    }

    /**
     * Ends the cordon. If the node had no tries left, it gets all its tries again: only an operator can have uncordoned
     * it.
     */
    Upkeep uncordoned(HealthSettings settings) {
        Cordon before = cordon;
        if (before == null) {
            throw new IllegalStateException("the node is not cordoned");
        }
        return new Upkeep(gpusOut, null, 0, before.tries() > settings.triesMax() ? List.of() : cordonedAtMs);
    }

    Upkeep drained() {
        Cordon before = cordon;
        if (before == null || !before.drain() || before.drained()) {
            throw new IllegalStateException("the node is not being drained");
        }
        return new Upkeep(gpusOut, before.asDrained(), slowReports, cordonedAtMs);
    }

    Upkeep slow() {
        require(cordon == null, "the node is cordoned");
        return new Upkeep(gpusOut, null, slowReports + 1, cordonedAtMs);
    }

    Upkeep onPace() {
        require(slowReports > 0, "the node was not slow");
        return new Upkeep(gpusOut, cordon, 0, cordonedAtMs);
    }

    /** Returns the upkeep after the pool's time was set back. */
    Upkeep shifted(ClockShift shift) {
        return new Upkeep(
                gpusOut,
                cordon == null ? null : cordon.shifted(shift),
                slowReports,
                cordonedAtMs.stream().map(shift::of).toList());
    }

    private static void require(boolean legal, String otherwise) {
        if (!legal) {
            throw new IllegalStateException(otherwise);
        }
    }
}
