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
 * Which parts of a node may be used, besides whether it is heard of. Each method that is named after an event returns it
 * after that; whether the event is legal is checked here too, with an {@link IllegalStateException}.
 *
 * @param gpusOut indexes of GPUs that do not work
 * @param cordon null if it gets new tasks
 * @param slowReports slow reports in a row
 * @param cordonedAtMs when it was cordoned automatically, ms of cluster time, the oldest first; those that are too old to
 *     count are dropped when another comes
 */
public record Upkeep(SortedSet<Integer> gpusOut, @Nullable Cordon cordon, int slowReports, List<Long> cordonedAtMs) {
    public static final Upkeep NONE = new Upkeep(Collections.emptySortedSet(), null, 0, List.of());

    public Upkeep {
        gpusOut = Collections.unmodifiableSortedSet(new TreeSet<>(gpusOut));
        cordonedAtMs = List.copyOf(cordonedAtMs);
    }

    /** How many automatic cordons there would be within the window if there was one now. */
    int triesWithOneMore(long nowMs, HealthSettings settings) {
        return recent(nowMs, settings).size() + 1;
    }

    private List<Long> recent(long nowMs, HealthSettings settings) {
        return cordonedAtMs.stream()
                .filter(atMs -> atMs > nowMs - settings.triesWindowMs())
                .toList();
    }

    /** A new start of the node has all GPUs, or says which not; and is as fast as it shows to be. */
    Upkeep restarted() {
        return new Upkeep(Collections.emptySortedSet(), cordon, 0, cordonedAtMs);
    }

    Upkeep gpuTakenOut(int gpu) {
        SortedSet<Integer> more = new TreeSet<>(gpusOut);
        require(more.add(gpu), "GPU " + gpu + " is out already");
        return new Upkeep(more, cordon, slowReports, cordonedAtMs);
    }

    Upkeep gpuReturned(int gpu) {
        SortedSet<Integer> fewer = new TreeSet<>(gpusOut);
        require(fewer.remove(gpu), "GPU " + gpu + " is not out");
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
        require(!next.equals(cordon), "it is cordoned like that already");
        return new Upkeep(gpusOut, next, 0, automatic);
    }

    /** A node that had no tries left was uncordoned by an operator, and has all of them again. */
    Upkeep uncordoned(HealthSettings settings) {
        Cordon before = cordon;
        if (before == null) {
            throw new IllegalStateException("it is not cordoned");
        }
        return new Upkeep(gpusOut, null, 0, before.tries() > settings.triesMax() ? List.of() : cordonedAtMs);
    }

    Upkeep drained() {
        Cordon before = cordon;
        if (before == null || !before.drain() || before.drained()) {
            throw new IllegalStateException("it is not being drained");
        }
        return new Upkeep(gpusOut, before.asDrained(), slowReports, cordonedAtMs);
    }

    Upkeep slow() {
        require(cordon == null, "it is cordoned");
        return new Upkeep(gpusOut, null, slowReports + 1, cordonedAtMs);
    }

    Upkeep onPace() {
        require(slowReports > 0, "it was not slow");
        return new Upkeep(gpusOut, cordon, 0, cordonedAtMs);
    }

    /** The pool's time was set back. */
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
