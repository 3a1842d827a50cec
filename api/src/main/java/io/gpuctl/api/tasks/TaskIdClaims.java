package io.gpuctl.api.tasks;

import com.fasterxml.jackson.databind.node.TextNode;
import io.gpuctl.api.kafka.BrokerWatch;
import io.gpuctl.api.kafka.CommandLog;
import io.gpuctl.api.kafka.CommandPosition;
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

    /** Longer than a record can take to reach the log; see {@link CommandLog#append}. */
    private static final Duration OPENING = Duration.ofSeconds(7);

    private static final int PARTITION = PoolPartitioner.partition(PoolId.DEFAULT);
    private static final long NONE_SEEN = -1;

    private final CommandLog log;
    private final BrokerWatch broker;
    private final ClusterViews views;
    private final ClusterClock clock;
    private final AtomicLong firstSeenNanos = new AtomicLong(NONE_SEEN);

    TaskIdClaims(CommandLog log, BrokerWatch broker, ClusterViews views, ClusterClock clock) {
        this.log = log;
        this.broker = broker;
        this.views = views;
        this.clock = clock;
    }

    /**
     * Completes when no other pool can get a task with this id any more; another pool may still have an older one, so
     * look it up afterwards. Fails with a {@link ProblemException}: 409 if another pool has claimed the id, 503 if the
     * broker or the views are away.
     */
    Uni<Void> claim(TaskSpec task) {
        if (!task.pool().equals(PoolId.DEFAULT)) {
            return claimed(task);
        }
        return views.claim(task.taskId())
                .chain(claim -> claim.claimsEver() == 0 ? Uni.createFrom().voidItem() : claimed(task));
    }

    private Uni<Void> claimed(TaskSpec task) {
        return log.append(new ClaimTaskId(task.taskId(), task.pool(), clock.nowMs()))
                .chain(this::whenSeen)
                .chain(() -> views.claim(task.taskId()))
                .invoke(claim -> check(task, claim.claimant()))
                .replaceWithVoid()
                .chain(this::whenOpen);
    }

    private Uni<Void> whenSeen(CommandPosition position) {
        return views.whenSeen(Map.of(position.partition(), position.offset() + 1));
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
