package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.audit.log.EventLogReader;
import io.gpuctl.audit.log.PartitionRecords;
import io.gpuctl.audit.log.PlacedRecord;
import io.gpuctl.audit.log.TopicFiles;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.core.PoolHeader;
import io.gpuctl.orchestrator.core.PoolSnapshot;
import io.gpuctl.orchestrator.core.StateEntries;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replays a log: folds its facts, makes every decision again, and reports the first difference from its checksums, from
 * what the scheduler decides, or from the state that the orchestrator stored.
 *
 * <p>It needs memory for the state only, however long the log is.
 */
public final class LogReplay {
    private final EventLogReader log;
    private final String changelog;
    private final Runnable onFact;
    private final List<PoolOutcome> outcomes = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();

    private long unreadable;

    private LogReplay(EventLogReader log, String changelog, Runnable onFact) {
        this.log = log;
        this.changelog = changelog;
        this.onFact = onFact;
    }

    /**
     * Replays a log.
     *
     * @param log a log from {@link EventLogReader#openAsItIs}
     * @param changelog the topic of the orchestrator's stored state
     * @param onFact called for each fact
     * @throws EventLogException if the log has no topic of facts
     */
    public static ReplayReport run(EventLogReader log, String changelog, Runnable onFact) {
        return new LogReplay(log, changelog, onFact).run();
    }

    private ReplayReport run() {
        List<String> changed = log.changes().stream()
                .map(change -> String.valueOf(change.getMessage()))
                .toList();
        int partitions = log.partitions(Topics.CLUSTER_EVENTS.name()).size();
        for (int partition = 0; partition < partitions; partition++) {
            new OfPartition(partition).run();
        }
        return new ReplayReport(
                outcomes,
                changed,
                differences,
                unreadable,
                log.manifest().topic(changelog).isPresent());
    }

    /** The replay of one partition with all its pools. */
    private final class OfPartition {
        private final int partition;
        private final SortedMap<PoolId, PoolRedo> pools = new TreeMap<>();
        private final Set<PoolId> given = new TreeSet<>();
        private final SortedMap<PoolId, PoolOutcome.Stored> stored = new TreeMap<>();
        private final Stored changes;

        OfPartition(int partition) {
            this.partition = partition;
            changes = Stored.read(log, changelog, partition);
        }

        void run() {
            changes.problem().ifPresent(differences::add);
            try (DecisionReader decisions = new DecisionReader(log, partition);
                    Inputs inputs = new Inputs(log, partition)) {
                for (RecordedDecision next = decisions.read(); next != null; next = decisions.read()) {
                    follow(next, inputs, decisions.behind());
                }
                unreadable += decisions.unreadable();
                finish();
            } catch (DifferenceException e) {
                differences.add(e.difference());
            } catch (EventLogException e) {
                differences.add(new Difference(null, String.valueOf(e.getMessage()), null, null));
            }
            pools.forEach((pool, redo) -> outcomes.add(redo.outcome(stored.getOrDefault(
                    pool, changes.isThere() ? new PoolOutcome.Differs() : new PoolOutcome.Absent()))));
        }

        private void follow(RecordedDecision decision, Inputs inputs, @Nullable RecordedFact behind) {
            PoolId pool = decision.pool();
            decision.facts().forEach(_ -> onFact.run());
            if (given.contains(pool)) {
                return;
            }
            PoolRedo redo = pools.computeIfAbsent(pool, PoolRedo::new);
            try {
                redo.follow(decision, inputs, behind);
                compareStored(redo);
            } catch (DifferenceException e) {
                differences.add(e.difference());
                given.add(pool);
            }
        }

        private void compareStored(PoolRedo redo) throws DifferenceException {
            PoolId pool = redo.state().pool();
            PoolHeader header = changes.state().headers().get(pool);
            if (header == null || header.sequence() != redo.state().sequence()) {
                return;
            }
            PoolSnapshot snapshot = redo.state().snapshot();
            SortedMap<String, String> wrong = changes.state()
                    .differences(snapshot.header(), snapshot.nodes(), snapshot.tasks(), snapshot.finished());
            for (Map.Entry<String, String> first : wrong.entrySet()) {
                throw new DifferenceException(changes.difference(first.getKey(), first.getValue()));
            }
            stored.put(
                    pool,
                    new PoolOutcome.Agrees(
                            header.sequence(),
                            snapshot.nodes().size(),
                            snapshot.tasks().size(),
                            snapshot.finished().size()));
        }

        private void finish() throws DifferenceException {
            for (PoolRedo redo : pools.values()) {
                if (!given.contains(redo.state().pool())) {
                    redo.end();
                }
            }
            changes.state().headers().forEach((pool, header) -> {
                PoolRedo redo = pools.get(pool);
                long last = redo == null ? 0 : redo.state().sequence();
                if (!given.contains(pool) && header.sequence() > last) {
                    differences.add(changes.difference(
                            StateEntries.header(pool),
                            "pool %s was stored as of fact %d, but the log ends with fact %d"
                                    .formatted(pool, header.sequence(), last)));
                } else if (!given.contains(pool) && !stored.containsKey(pool)) {
                    differences.add(changes.difference(
                            StateEntries.header(pool),
                            "pool %s was stored as of fact %d, which is not the last fact of a decision"
                                    .formatted(pool, header.sequence())));
                }
            });
        }
    }

    /** The stored state of one partition, with the record of each value. */
    private record Stored(
            boolean isThere, StoredState state, SortedMap<String, PlacedRecord> records, Optional<Difference> problem) {
        static Stored read(EventLogReader log, String changelog, int partition) {
            SortedMap<String, PlacedRecord> newest = new TreeMap<>();
            Optional<TopicFiles> files = log.manifest().topic(changelog);
            if (files.isEmpty() || partition >= files.get().partitions().size()) {
                return new Stored(false, new StoredState(new TreeMap<>()), newest, Optional.empty());
            }
            Optional<Difference> problem = Optional.empty();
            try (PartitionRecords records = log.raw(changelog, partition)) {
                records.forEachRemaining(record -> take(record, newest));
            } catch (EventLogException e) {
                problem = Optional.of(new Difference(null, String.valueOf(e.getMessage()), null, null));
            }
            SortedMap<String, byte[]> values = new TreeMap<>();
            newest.forEach((key, record) -> {
                byte[] value = record.raw().value();
                if (value != null) {
                    values.put(key, value);
                }
            });
            StoredState state = new StoredState(values);
            for (var wrong : state.unreadable().entrySet()) {
                problem = Optional.of(difference(newest.get(wrong.getKey()), wrong.getValue()));
            }
            return new Stored(true, state, newest, problem);
        }

        private static void take(PlacedRecord record, SortedMap<String, PlacedRecord> newest) {
            byte[] key = record.raw().key();
            if (key == null) {
                return;
            }
            String name = new String(key, StandardCharsets.UTF_8);
            if (record.raw().value() == null) {
                newest.remove(name);
            } else {
                newest.put(name, record);
            }
        }

        Difference difference(String key, String problem) {
            return difference(records.get(key), problem);
        }

        private static Difference difference(@Nullable PlacedRecord record, String problem) {
            return record == null ? new Difference(null, problem, null, null) : Difference.at(record.place(), problem);
        }
    }
}
