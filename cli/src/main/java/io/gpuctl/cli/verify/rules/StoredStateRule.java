package io.gpuctl.cli.verify.rules;

import io.gpuctl.events.PoolId;
import io.gpuctl.orchestrator.core.FinishedTask;
import io.gpuctl.orchestrator.core.NodeSnapshot;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.TaskRecord;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the orchestrator has stored is the fold over the facts up to the sequence that it has stored with it. The facts and
 * the stored state are written in one transaction, so this holds at any moment.
 */
final class StoredStateRule implements Rule {
    private static final String HEADER = "/pool";
    private static final String NODE = "/node/";
    private static final String TASK = "/task/";
    private static final String FINISHED = "/finished/";

    private record StoredHeader(Place place, PoolHeader header) {}

    private final Violations violations;
    private final StoredJson json;
    private final SortedMap<String, Stored> stored;
    private final long factsSettled;
    private final SortedMap<PoolId, StoredHeader> headers = new TreeMap<>();
    private final Set<PoolId> compared = new TreeSet<>();
    private final SortedMap<PoolId, FactStep> newestSettled = new TreeMap<>();
    private final SortedMap<PoolId, Long> sequences = new TreeMap<>();

    /** {@code stored}: the newest value of each key. {@code factsSettled}: see {@link PartitionLogs}. */
    StoredStateRule(SortedMap<String, Stored> stored, long factsSettled, Violations violations) {
        this.stored = new TreeMap<>(stored);
        this.factsSettled = factsSettled;
        this.violations = violations;
        json = new StoredJson(name(), violations);
        stored.forEach((key, record) -> {
            if (key.endsWith(HEADER) && key.indexOf('/') == key.length() - HEADER.length()) {
                PoolHeader header = json.read(key, record, PoolHeader.class);
                if (header != null) {
                    headers.put(header.pool(), new StoredHeader(record.place(), header));
                }
            }
        });
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
        if (step.place().offset() < factsSettled) {
            newestSettled.put(pool, step);
        }
        StoredHeader header = headers.get(pool);
        if (header != null && header.header().sequence() == sequence && compared.add(pool)) {
            compare(step.pool().mirror());
        }
    }

    @Override
    public void onEnd() {
        headers.forEach((pool, header) -> {
            long atLast = sequences.getOrDefault(pool, 0L);
            if (header.header().sequence() > atLast) {
                violations.add(
                        name(),
                        header.place(),
                        "Pool %s is stored as of fact %d, but the log ends with fact %d"
                                .formatted(pool, header.header().sequence(), atLast));
            }
        });
        newestSettled.forEach((pool, step) -> {
            StoredHeader header = headers.get(pool);
            long storedSequence = header == null ? 0 : header.header().sequence();
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
        String pool = mirror.header().pool().value();
        json.compare(stored, pool + HEADER, mirror.header(), PoolHeader.class);
        Map<String, Object> expected = new TreeMap<>();
        mirror.nodes().forEach((id, node) -> expected.put(pool + NODE + id, node));
        mirror.tasks().forEach((id, task) -> expected.put(pool + TASK + id, task));
        mirror.finished().forEach((id, task) -> expected.put(pool + FINISHED + id, task));
        Set<String> keys = new LinkedHashSet<>(expected.keySet());
        keys.addAll(
                stored.subMap(pool + NODE, pool + NODE + Character.MAX_VALUE).keySet());
        keys.addAll(
                stored.subMap(pool + TASK, pool + TASK + Character.MAX_VALUE).keySet());
        keys.addAll(stored.subMap(pool + FINISHED, pool + FINISHED + Character.MAX_VALUE)
                .keySet());
        for (String key : keys) {
            json.compare(stored, key, expected.get(key), typeOf(pool, key));
        }
    }

    private static Class<?> typeOf(String pool, String key) {
        if (key.startsWith(pool + NODE)) {
            return NodeSnapshot.class;
        }
        return key.startsWith(pool + TASK) ? TaskRecord.class : FinishedTask.class;
    }
}
