package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The attempts that have ended or were refused on a node, kept so that a repeated command is not obeyed twice.
 *
 * <p>Forgets the oldest attempts beyond {@link #REMEMBERED_MAX}. Commands come from one partition in order, so a
 * repeated command closely follows the first.
 */
final class DoneAttempts {
    /** About 30 KiB per node, 60 MiB for 2,000 nodes. */
    static final int REMEMBERED_MAX = 256;

    private final SequencedSet<AttemptId> ids = new LinkedHashSet<>();

    void add(AttemptId id) {
        ids.addLast(id);
        if (ids.size() > REMEMBERED_MAX) {
            ids.removeFirst();
        }
    }

    /** Returns the attempts, oldest first. */
    List<AttemptId> all() {
        return List.copyOf(ids);
    }

    boolean contains(AttemptId id) {
        return ids.contains(id);
    }
}
