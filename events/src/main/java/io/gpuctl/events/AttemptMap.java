package io.gpuctl.events;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A map by attempt, in the order of the attempts' ids, for what one node holds or runs: a handful of attempts, but
 * perhaps thousands. Keeps its entries in arrays. A look-up reads one array of hash codes, where a tree would compare
 * texts at several places in memory. Takes no null. Not thread-safe.
 *
 * @param <V> what the map has for each attempt
 */
public final class AttemptMap<V> extends AbstractMap<AttemptId, V> {
    private static final int CAPACITY_MIN = 8;
    private static final int ABSENT = -1;

    private int size;
    private int[] hashes = new int[CAPACITY_MIN];
    private AttemptId[] ids = new AttemptId[CAPACITY_MIN];

    @SuppressWarnings("unchecked") // The array never leaves this class.
    private V[] values = (V[]) new Object[CAPACITY_MIN];

    /** Returns the value at a place in the order, from 0. */
    public V valueAt(int index) {
        if (index >= size) {
            throw new IndexOutOfBoundsException("There are %d entries, but no entry %d".formatted(size, index));
        }
        return values[index];
    }

    private int indexOf(@Nullable Object key) {
        if (key instanceof AttemptId id) {
            int hash = id.hashCode();
            for (int index = 0; index < size; index++) {
                if (hashes[index] == hash && ids[index].equals(id)) {
                    return index;
                }
            }
        }
        return ABSENT;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return indexOf(key) != ABSENT;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        int index = indexOf(key);
        return index == ABSENT ? null : values[index];
    }

    @Override
    public @Nullable V put(AttemptId id, V value) {
        int index = indexOf(id);
        if (index == ABSENT) {
            insert(id, value);
            return null;
        }
        V before = values[index];
        values[index] = value;
        return before;
    }

    @Override
    public @Nullable V putIfAbsent(AttemptId id, V value) {
        V before = get(id);
        if (before == null) {
            insert(id, value);
        }
        return before;
    }

    private void insert(AttemptId id, V value) {
        if (size == ids.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
            ids = Arrays.copyOf(ids, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        int index = placeOf(id);
        int behind = size - index;
        System.arraycopy(hashes, index, hashes, index + 1, behind);
        System.arraycopy(ids, index, ids, index + 1, behind);
        System.arraycopy(values, index, values, index + 1, behind);
        hashes[index] = id.hashCode();
        ids[index] = id;
        values[index] = value;
        size++;
    }

    /**
     * Returns the place for an id that is not here. Newer attempts often have higher ids, so the end is tried first.
     */
    private int placeOf(AttemptId id) {
        return size == 0 || ids[size - 1].compareTo(id) < 0 ? size : -Arrays.binarySearch(ids, 0, size - 1, id) - 1;
    }

    @Override
    public @Nullable V remove(@Nullable Object key) {
        int index = indexOf(key);
        if (index == ABSENT) {
            return null;
        }
        V removed = values[index];
        removeAt(index);
        return removed;
    }

    @SuppressWarnings("NullAway") // Beyond the size, the arrays hold null.
    private void removeAt(int index) {
        size--;
        int behind = size - index;
        System.arraycopy(hashes, index + 1, hashes, index, behind);
        System.arraycopy(ids, index + 1, ids, index, behind);
        System.arraycopy(values, index + 1, values, index, behind);
        ids[size] = null;
        values[size] = null;
    }

    @Override
    @SuppressWarnings("NullAway") // Beyond the size, the arrays hold null.
    public void clear() {
        Arrays.fill(ids, 0, size, null);
        Arrays.fill(values, 0, size, null);
        size = 0;
    }

    @Override
    public void forEach(BiConsumer<? super AttemptId, ? super V> action) {
        for (int index = 0; index < size; index++) {
            action.accept(ids[index], values[index]);
        }
    }

    @Override
    public Set<Map.Entry<AttemptId, V>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<AttemptId, V>> {
        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<Map.Entry<AttemptId, V>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < size;
                }

                @Override
                public Map.Entry<AttemptId, V> next() {
                    if (next >= size) {
                        throw new NoSuchElementException();
                    }
                    var entry = new SimpleImmutableEntry<>(ids[next], values[next]);
                    next++;
                    return entry;
                }

                @Override
                public void remove() {
                    next--;
                    removeAt(next);
                }
            };
        }
    }
}
