package io.gpuctl.audit.rules;

import io.gpuctl.audit.redo.StoredState;
import io.gpuctl.events.PoolId;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.StateEntries;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The stored state of the orchestrator is the fold over the facts up to the stored sequence. One transaction writes
 * facts and stored state, so the rule holds at any moment.
 */
final class StoredStateRule implements Rule {
    private final Violations violations;
    private final SortedMap<String, Stored> stored;
    private final StoredState state;
    private final Set<PoolId> compared = new TreeSet<>();
    private final SortedMap<PoolId, FactStep> newest = new TreeMap<>();
    private final SortedMap<PoolId, Long> sequences = new TreeMap<>();

    /** {@code stored} has the newest value of each key. */
    StoredStateRule(SortedMap<String, Stored> stored, Violations violations) {
        this.stored = new TreeMap<>(stored);
        this.violations = violations;
        SortedMap<String, byte[]> values = new TreeMap<>();
        stored.forEach((key, record) -> values.put(key, record.value()));
        state = new StoredState(values);
        state.unreadable().forEach((key, text) -> violations.add(name(), place(key), text));
    }

    private Place place(String key) {
        Stored record = stored.get(key);
        return record == null ? StoredJson.nowhere(stored) : record.place();
    }

    @Override
    public String name() {
        return "stored-state";
    }

    @Override
    public void afterFact(FactStep step) {
        PoolId pool = step.fact().pool();
        long sequence = step.pool().state().sequence();
        sequences.put(pool, sequence);
        newest.put(pool, step);
        PoolHeader header = state.headers().get(pool);
        if (header != null && header.sequence() == sequence && compared.add(pool)) {
            compare(step.pool().mirror());
        }
    }

    @Override
    public void onEnd() {
        state.headers().forEach((pool, header) -> {
            long atLast = sequences.getOrDefault(pool, 0L);
            if (header.sequence() > atLast) {
                violations.add(
                        name(),
                        place(StateEntries.header(pool)),
                        "Pool %s is stored as of fact %d, but the log ends with fact %d"
                                .formatted(pool, header.sequence(), atLast));
            }
        });
        newest.forEach((pool, step) -> {
            PoolHeader header = state.headers().get(pool);
            long storedSequence = header == null ? 0 : header.sequence();
            if (step.fact().sequence() > storedSequence) {
                violations.add(
                        name(),
                        step.place(),
                        "Fact %d of pool %s is not in the stored state, which is as of fact %d"
                                .formatted(step.fact().sequence(), pool, storedSequence));
            }
        });
    }

    private void compare(PoolMirror mirror) {
        state.differences(
                        mirror.header(),
                        mirror.nodes(),
                        mirror.tasks(),
                        mirror.finished().values())
                .forEach((key, text) -> violations.add(name(), place(key), text));
    }
}
