package io.gpuctl.simulator.model;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What is due, the earliest first: a heap whose entries know their places. So an entry whose time changes is removed
 * and added again in logarithmic time, and without a new object. An entry must not change its place in the order while
 * it is here.
 */
final class DueQueue<E extends DueQueue.Entry> {
    private static final int CAPACITY_MIN = 8;

    private final Comparator<E> order;
    private int size;

    @SuppressWarnings("unchecked") // The array never leaves this class.
    private E[] heap = (E[]) new Entry[CAPACITY_MIN];

    /** What a queue can hold. An entry is in one queue at a time. */
    abstract static class Entry {
        private static final int ABSENT = -1;

        private int place = ABSENT;
    }

    DueQueue(Comparator<E> order) {
        this.order = order;
    }

    /** Returns the first entry; null if there is none. */
    @Nullable
    E first() {
        return size == 0 ? null : heap[0];
    }

    /** Adds an entry that is in no queue. */
    void add(E entry) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        size++;
        rise(size - 1, entry);
    }

    /** Removes an entry; does nothing if it is not here. */
    @SuppressWarnings("NullAway") // Beyond the size, the array holds null.
    void remove(E entry) {
        Entry removed = entry;
        int place = removed.place;
        if (place == Entry.ABSENT) {
            return;
        }
        removed.place = Entry.ABSENT;
        size--;
        E last = heap[size];
        heap[size] = null;
        if (place < size) {
            sink(place, last);
            Entry moved = last;
            if (moved.place == place) {
                rise(place, last);
            }
        }
    }

    private void rise(int from, E entry) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (order.compare(heap[parent], entry) <= 0) {
                break;
            }
            put(place, heap[parent]);
            place = parent;
        }
        put(place, entry);
    }

    private void sink(int from, E entry) {
        int place = from;
        for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
            if (child + 1 < size && order.compare(heap[child + 1], heap[child]) < 0) {
                child++;
            }
            if (order.compare(entry, heap[child]) <= 0) {
                break;
            }
            put(place, heap[child]);
            place = child;
        }
        put(place, entry);
    }

    private void put(int place, E entry) {
        heap[place] = entry;
        Entry placed = entry;
        placed.place = place;
    }
}
