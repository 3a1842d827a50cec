package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.problem.FieldError;
import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.api.problem.ProblemType;
import io.gpuctl.api.views.ClusterViews;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskCommand.ClaimTaskId;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Ensures that only one pool has a task id chosen by a client. Within a pool, the log decides which of two submissions
 * is first. Between pools there is no order, so a pool first claims the id in the partition of {@link PoolId#DEFAULT},
 * where all claims have one order. A cluster that has used only the default pool has no extra cost: submissions to the
 * default pool are in that partition anyway, and need no claim until the first claim exists.
 *
 * <p>The instance that makes the first claim does not know of submissions to the default pool that are on their way
 * without a claim. So for {@link #OPENING} after an instance has first seen a claim, each submission with a claim waits
 * until any such submission must have been written or have failed, and then looks whether one was written.
 */
@ApplicationScoped
class TaskIdClaims {

    /**
     * Longer than {@link RecentCommands#FRESH} and the time that a record can take to reach the log together; see
     * {@link CommandLog#append}.
     */
    private static final Duration OPENING = Duration.ofSeconds(7);

    private static final int PARTITION = PoolPartitioner.partition(PoolId.DEFAULT);
    private static final long NONE_SEEN = -1;

    private final CommandLog log;
    private final RecentCommands recent;
    private final BrokerWatch broker;
    private final ClusterViews views;
    private final ClusterClock clock;
    private final AtomicLong firstSeenNanos = new AtomicLong(NONE_SEEN);

    /** The views know of no claim before this offset. */
    private final AtomicLong noneBefore = new AtomicLong(NONE_SEEN);

    TaskIdClaims(CommandLog log, RecentCommands recent, BrokerWatch broker, ClusterViews views, ClusterClock clock) {
        this.log = log;
        this.recent = recent;
        this.broker = broker;
        this.views = views;
        this.clock = clock;
    }

    /**
     * Completes when no other pool can get a task with this id any more. Returns whether a claim was needed: then
     * another pool may still have an older task, so look it up afterwards. Fails with a {@link ProblemException}: 409
     * if another pool has claimed the id, 503 if the broker is away or the views are starting.
     */
    Uni<Boolean> claim(TaskSpec task) {
        if (!task.pool().equals(PoolId.DEFAULT)) {
            return claimed(task);
        }
        if (recent.hasNoClaimSince(noneBefore.get())) {
            return Uni.createFrom().item(false);
        }
        var begins = recent.begins();
        return views.whenSeen(begins).chain(() -> views.claim(task.taskId())).chain(claim -> {
            if (claim.claimsEver() > 0) {
                return claimed(task);
            }
            noneBefore.set(begins.getOrDefault(PARTITION, NONE_SEEN));
            return Uni.createFrom().item(false);
        });
    }

    private Uni<Boolean> claimed(TaskSpec task) {
        return (isOpen() ? claimedByReading(task) : claimedByViews(task).chain(this::whenOpen)).replaceWith(true);
    }

    /** Claims the id, and asks the views: all instances ask the same view, so they agree on the first claim. */
    private Uni<Void> claimedByViews(TaskSpec task) {
        return append(task).chain(ends -> checkInViews(task, ends)).replaceWithVoid();
    }

    /** Claims the id, and reads the log: once the first claim is old enough, the order in the log decides. */
    private Uni<Void> claimedByReading(TaskSpec task) {
        return Uni.createFrom().deferred(() -> {
            var begins = recent.begins();
            return checkInViews(task, begins)
                    .chain(isClaimed -> isClaimed
                            ? Uni.createFrom().voidItem()
                            : append(task)
                                    .chain(ends -> recent.whenRead(ends).chain(() -> checkInLog(task, begins, ends))));
        });
    }

    private Uni<Void> checkInLog(TaskSpec task, Map<Integer, Long> begins, Map<Integer, Long> ends) {
        var claimant = recent.claimant(task.taskId());
        if (claimant == null || !recent.reachBackTo(begins)) {
            return checkInViews(task, ends).replaceWithVoid();
        }
        check(task, claimant);
        return Uni.createFrom().voidItem();
    }

    /** Returns whether the task's pool has claimed the id before these offsets; fails if another pool has. */
    private Uni<Boolean> checkInViews(TaskSpec task, Map<Integer, Long> ends) {
        return views.whenSeen(ends)
                .chain(() -> views.claim(task.taskId()))
                .invoke(claim -> check(task, claim.claimant()))
                .map(claim -> claim.claimant() != null);
    }

    /** Writes a claim, and returns the end of the log after it. */
    private Uni<Map<Integer, Long>> append(TaskSpec task) {
        return log.append(new ClaimTaskId(task.taskId(), task.pool(), clock.nowMs()))
                .map(position -> Map.of(position.partition(), position.offset() + 1));
    }

    private boolean isOpen() {
        long seenNanos = firstSeenNanos.get();
        return seenNanos != NONE_SEEN && System.nanoTime() - seenNanos >= OPENING.toNanos();
    }

    private static void check(TaskSpec task, @Nullable PoolId claimant) {
        if (claimant != null && !claimant.equals(task.pool())) {
            throw taken(task.taskId(), claimant);
        }
    }

    private static ProblemException taken(TaskId taskId, PoolId pool) {
        return ProblemException.of(
                ProblemType.TASK_EXISTS,
                new FieldError(
                        "task_id",
                        TextNode.valueOf(taskId.value()),
                        "an id that no task has, or the same submission as before",
                        "%s was submitted to pool %s".formatted(taskId, pool)));
    }

    private Uni<Void> whenOpen() {
        long now = System.nanoTime();
        firstSeenNanos.compareAndSet(NONE_SEEN, now);
        Duration left = OPENING.minusNanos(now - firstSeenNanos.get());
        if (left.isNegative() || left.isZero()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(left)
                .chain(broker::commandEnds)
                .chain(ends -> views.whenSeen(Map.of(PARTITION, ends.getOrDefault(PARTITION, 0L))));
    }
}
