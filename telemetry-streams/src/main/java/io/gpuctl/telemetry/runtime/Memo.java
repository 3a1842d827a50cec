package io.gpuctl.telemetry.runtime;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The last results of a function that depends on nothing but its argument, such as the decoding of a stored view: an
 * argument that comes often is computed once. A result is returned only for an argument that equals the one from which
 * it was computed, so it is never out of date, and nothing ever needs to be removed.
 *
 * <p>Holds at most {@link #SLOTS} results; a new result replaces the one in its slot. Thread-safe if arguments and
 * results are immutable; two threads may compute the same result at once.
 *
 * @param <K> the argument, with {@code equals}
 * @param <V> the result
 */
public final class Memo<K, V> {
    private static final int SLOTS = 256;

    private final AtomicReferenceArray<@Nullable Computed<K, V>> slots = new AtomicReferenceArray<>(SLOTS);

    private record Computed<K, V>(K argument, V result) {}

    /**
     * Returns the function's result.
     *
     * @param hash chooses the slot: equal for equal arguments, and mostly different for others that come often
     */
    public V get(int hash, K argument, Function<? super K, ? extends V> function) {
        int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
        Computed<K, V> last = slots.get(slot);
        if (last != null && last.argument().equals(argument)) {
            return last.result();
        }
        V result = function.apply(argument);
        slots.set(slot, new Computed<>(argument, result));
        return result;
    }
}
