package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/**
 * The attempts that a node has done with, so that a command that comes twice is not obeyed twice.
 *
 * <p>It forgets the oldest beyond {@link #REMEMBERED_MAX}. Commands come from one partition in order, so a repeated one
 * is close behind the first.
 */
final class DoneAttempts {
    /** About 30 KiB a node, 60 MiB for 2,000 nodes. */
    static final int REMEMBERED_MAX = 256;

    private final SequencedSet<AttemptId> ids = new LinkedHashSet<>();

    void add(AttemptId id) {
        ids.addLast(id);
        if (ids.size() > REMEMBERED_MAX) {
            ids.removeFirst();
        }
    }

    /** The oldest first. */
    List<AttemptId> all() {
        return List.copyOf(ids);
    }

    boolean contains(AttemptId id) {
        return ids.contains(id);
    }
}
