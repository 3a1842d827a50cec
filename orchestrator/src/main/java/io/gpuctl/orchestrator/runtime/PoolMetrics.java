package io.gpuctl.orchestrator.runtime;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.FactTypes;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.metrics.Metric;
import io.gpuctl.events.metrics.MetricSink;
import io.gpuctl.orchestrator.core.Decision;
import io.gpuctl.orchestrator.core.PoolCount;
import io.gpuctl.orchestrator.core.PoolState;
import io.gpuctl.orchestrator.core.PoolStatistics;
import io.gpuctl.orchestrator.core.TaskRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one pool. The stream thread that has the pool calls everything but {@link #collect}; only that thread
 * may read the pool's state, so it also counts the pool periodically.
 */
final class PoolMetrics {
    /** Minimum time between two counts. */
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Number of queued tasks to count per tick, which takes some milliseconds. */
    private static final int TASKS_AT_A_TIME = 10_000;

    /** An older count is not reported: the stream thread must be stuck. */
    private static final long AGE_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

    /** A faster decision without facts is not recorded: it is mostly a heartbeat. */
    private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long[] DECISION_BUCKETS_MS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000
    };
    private static final long[] DELAY_BUCKETS_MS = LongStream.concat(
                    LongStream.of(DECISION_BUCKETS_MS), LongStream.of(300_000, 1_800_000, 3_600_000))
            .toArray();

    private static final int SUBMITTED = FactTypes.number(ClusterEvent.TaskSubmitted.class);
    private static final int REJECTED = FactTypes.number(ClusterEvent.TaskRejected.class);
    private static final int PLACED = FactTypes.number(ClusterEvent.TaskPlaced.class);
    private static final int STARTED = FactTypes.number(ClusterEvent.TaskStarted.class);

    private final PoolId pool;
    private final MeterRegistry registry;
    private final ClusterClock clock;
    private final Timer decisions;
    private final Timer delays;
    private final AtomicLongArray facts = new AtomicLongArray(FactTypes.NAMES.size());

    /** The time since when each task has been waiting, ms of cluster time. */
    private final Map<TaskId, Long> queuedAtMs = new HashMap<>();

    /** The count in progress. */
    private @Nullable PoolCount count;

    private long nextCountNanos = System.nanoTime();
    private volatile @Nullable Counted counted;

    private record Counted(PoolStatistics statistics, long atNanos) {}

    PoolMetrics(PoolState state, MeterRegistry registry, ClusterClock clock) {
        pool = state.pool();
        this.registry = registry;
        this.clock = clock;
        decisions = timer(Metric.DECISION_TIME, DECISION_BUCKETS_MS);
        delays = timer(Metric.PLACEMENT_DELAY, DELAY_BUCKETS_MS);
        // The state does not store when tasks were queued. They have waited at least since their reason was last
        // recorded.
        for (TaskRecord task : state.tasks()) {
            if (!task.state().holdsGpus()) {
                queuedAtMs.put(task.id(), task.reasonAtMs());
            }
        }
        countIfDue(state);
    }

    private Timer timer(Metric metric, long[] bucketsMs) {
        String name = metric.prometheusName();
        return Timer.builder(name.substring(0, name.length() - "_seconds".length()))
                .description(metric.help())
                .tag("pool", pool.value())
                .serviceLevelObjectives(
                        LongStream.of(bucketsMs).mapToObj(Duration::ofMillis).toArray(Duration[]::new))
                .register(registry);
    }

    /** Records the duration of a decision. */
    void decided(Decision decision, long nanos) {
        if (nanos >= QUICK_NANOS || !decision.facts().isEmpty()) {
            decisions.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Records a written fact. */
    void wrote(Fact fact, long wallMs) {
        facts.incrementAndGet(FactTypes.number(fact.event().getClass()));
        switch (fact.event()) {
            case ClusterEvent.TaskSubmitted e -> queuedAtMs.put(e.taskId(), fact.atMs());
            case ClusterEvent.TaskRequeued e -> queuedAtMs.put(e.taskId(), fact.atMs());
            case ClusterEvent.TaskPlaced e -> placed(e, wallMs);
            case ClusterEvent.TaskCancelled e -> queuedAtMs.remove(e.taskId());
            case ClusterEvent.TaskFailed e -> queuedAtMs.remove(e.taskId());
            default -> {}
        }
    }

    private void placed(ClusterEvent.TaskPlaced event, long wallMs) {
        Long sinceMs = queuedAtMs.remove(event.taskId());
        if (sinceMs != null && event.attempt() == 1) {
            delays.record(Math.max(0, wallMs - clock.wallMs(sinceMs)), TimeUnit.MILLISECONDS);
        }
    }

    /** Counts the next part of the pool, if a count is due or in progress. Must be called at each tick. */
    void countIfDue(PoolState state) {
        if (count == null && System.nanoTime() - nextCountNanos >= 0) {
            count = new PoolCount(state);
            nextCountNanos = System.nanoTime() + PERIOD_NANOS;
        }
        if (count != null) {
            long otherwiseMs = state.lastAtMs();
            count.advance(task -> queuedAtMs.getOrDefault(task, otherwiseMs), TASKS_AT_A_TIME)
                    .ifPresent(this::publish);
        }
    }

    private void publish(PoolStatistics statistics) {
        counted = new Counted(statistics, System.nanoTime());
        count = null;
    }

    void collect(MetricSink sink) {
        Counted last = counted;
        if (last == null || System.nanoTime() - last.atNanos() > AGE_NANOS_MAX) {
            return;
        }
        String name = pool.value();
        last.statistics().collect(name, clock.nowMs(), sink);
        long accepted = facts.get(SUBMITTED);
        sink.sample(Metric.SUBMISSIONS, accepted, name, "accepted");
        sink.sample(Metric.SUBMISSIONS, facts.get(REJECTED), name, "rejected");
        sink.sample(Metric.PLACEMENTS, facts.get(PLACED), name);
        sink.sample(Metric.ATTEMPTS_STARTED, facts.get(STARTED), name);
        for (int type = 0; type < facts.length(); type++) {
            sink.sample(Metric.FACTS, facts.get(type), name, FactTypes.NAMES.get(type));
        }
    }

    /** Removes the meters of the pool. */
    void close() {
        registry.remove(decisions);
        registry.remove(delays);
    }
}
