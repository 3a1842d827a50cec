package io.gpuctl.simulator.model;

import io.gpuctl.events.AttemptId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The attempts that have ended or were refused on a node, kept so that a repeated command is not obeyed twice.
 *
 * <p>Forgets the oldest attempts beyond {@link #REMEMBERED_MAX}. Commands come from one partition in order, so a
 * repeated command closely follows the first. The attempts are in a ring, beside their hash codes: adding one costs no
 * memory, and a look-up reads one array of 1 KiB.
 */
final class DoneAttempts {
    /** About 30 KiB per node, 60 MiB for 2,000 nodes. */
    static final int REMEMBERED_MAX = 256;

    private static final int CAPACITY_MIN = 16;

    private AttemptId[] ids = new AttemptId[CAPACITY_MIN];
    private int[] hashes = new int[CAPACITY_MIN];
    private int size;
    /** The place of the oldest attempt once the ring is full, and 0 until then. */
    private int oldest;

    /** Adds an attempt that is not here. */
    void add(AttemptId id) {
        if (size == REMEMBERED_MAX) {
            put(oldest, id);
            oldest = (oldest + 1) % REMEMBERED_MAX;
            return;
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        put(size, id);
        size++;
    }

    private void put(int place, AttemptId id) {
        ids[place] = id;
        hashes[place] = id.hashCode();
    }

    /** Returns the attempts, oldest first. */
    List<AttemptId> all() {
        List<AttemptId> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(ids[(oldest + i) % size]);
        }
        return List.copyOf(all);
    }

    boolean contains(AttemptId id) {
        int hash = id.hashCode();
        for (int place = 0; place < size; place++) {
            if (hashes[place] == hash && ids[place].equals(id)) {
                return true;
            }
        }
        return false;
    }
}
