package io.gpuctl.api.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.kafka.CommandPosition;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.GpuRequest;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskCommand.ClaimTaskId;
import io.gpuctl.events.TaskCommand.SubmitTask;
import io.gpuctl.events.TaskId;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.Work;
import io.gpuctl.events.kafka.PoolPartitioner;
import io.gpuctl.events.kafka.Topics;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentCommandsTest {
    private static final long NOW_MS = 1_000_000;
    private static final int PARTITION = PoolPartitioner.partition(PoolId.DEFAULT);
    private static final TaskId A = new TaskId("a");
    private static final TaskId B = new TaskId("b");

    private final RecentCommands recent = new RecentCommands(new ClusterClock(NOW_MS, NOW_MS, 1, () -> NOW_MS), 4);

    @BeforeEach
    void begin() {
        recent.begin(offsets(100));
    }

    private static Map<Integer, Long> offsets(long offset) {
        var offsets = new TreeMap<Integer, Long>();
        for (int partition = 0; partition < Topics.TASK_COMMANDS.partitions(); partition++) {
            offsets.put(partition, offset);
        }
        return offsets;
    }

    private static TaskSpec task(TaskId id, String user) {
        return new TaskSpec(
                id,
                PoolId.DEFAULT,
                user,
                Priority.NORMAL,
                new GpuRequest(1, 1_000, 0),
                1,
                0,
                0,
                List.of(),
                2,
                new Work(1_000, 0.9, 0));
    }

    private void submit(long offset, TaskId id, String user) {
        submit(offset, id, user, NOW_MS);
    }

    private void submit(long offset, TaskId id, String user, long atMs) {
        recent.add(new CommandPosition(PARTITION, offset), new SubmitTask(task(id, user), atMs));
        recent.read(PARTITION, offset + 1);
    }

    private void written(long offset, TaskId id, String user) {
        recent.written(
                new CommandPosition(PARTITION, offset), new SubmitTask(task(id, user), NOW_MS), System.nanoTime());
    }

    @Test
    void theTaskOfAnOlderSubmissionMayBeForgotten() {
        submit(100, A, "ada", NOW_MS - 10_000);
        submit(101, B, "ada", NOW_MS - 9_999);

        assertThat(recent.first(A))
                .hasValueSatisfying(
                        placed -> assertThat(recent.isRecent(placed)).isFalse());
        assertThat(recent.first(B))
                .hasValueSatisfying(
                        placed -> assertThat(recent.isRecent(placed)).isTrue());
    }

    private UniAssertSubscriber<Void> await(long end) {
        return recent.whenRead(Map.of(PARTITION, end)).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    @Test
    void theFirstSubmissionOfAnIdOwnsIt() {
        submit(100, A, "ann");
        submit(101, A, "bob");

        assertThat(recent.first(PoolId.DEFAULT, A)).hasValueSatisfying(first -> {
            assertThat(first.position().offset()).isEqualTo(100);
            assertThat(first.submission().task().user()).isEqualTo("ann");
        });
        assertThat(recent.first(A)).isEqualTo(recent.first(PoolId.DEFAULT, A));
        assertThat(recent.first(B)).isEmpty();
    }

    @Test
    void theFirstClaimOfAnIdOwnsIt() {
        recent.add(new CommandPosition(PARTITION, 100), new ClaimTaskId(A, new PoolId("night"), NOW_MS));
        recent.add(new CommandPosition(PARTITION, 101), new ClaimTaskId(A, PoolId.DEFAULT, NOW_MS));

        assertThat(recent.claimant(A)).isEqualTo(new PoolId("night"));
        assertThat(recent.claimant(B)).isNull();
    }

    @Test
    void aFullWindowDropsItsOlderHalfAndSaysWhereItBegins() {
        var begins = recent.begins();
        for (int i = 0; i < 5; i++) {
            submit(100 + i, new TaskId("t" + i), "ann");
        }

        assertThat(recent.begins()).containsEntry(PARTITION, 103L);
        assertThat(recent.first(new TaskId("t2"))).isEmpty();
        assertThat(recent.first(new TaskId("t3"))).isPresent();
        assertThat(recent.reachBackTo(begins)).isFalse();
        assertThat(recent.reachBackTo(recent.begins())).isTrue();
    }

    @Test
    void aCommandFromTheFutureOwnsNothing() {
        submit(100, A, "ann", NOW_MS + ClusterClock.AHEAD_WALL_MS_MAX + 1);
        submit(101, A, "bob", NOW_MS + ClusterClock.AHEAD_WALL_MS_MAX);

        assertThat(recent.first(A))
                .hasValueSatisfying(
                        first -> assertThat(first.submission().task().user()).isEqualTo("bob"));
    }

    @Test
    void whoAwaitsACommandWakesTheReaderAndIsToldWhenItIsRead() {
        var wakes = new AtomicInteger();
        recent.onWait(wakes::incrementAndGet);

        var already = await(100);
        var early = await(101);
        var late = await(103);
        already.assertCompleted();
        assertThat(wakes).hasValue(2);
        early.assertNotTerminated();

        submit(100, A, "ann");
        early.assertCompleted();
        late.assertNotTerminated();
        assertThat(recent.isAwaited()).isTrue();

        // Records that are no commands have offsets too.
        recent.read(PARTITION, 103);
        late.assertCompleted();
        assertThat(recent.isAwaited()).isFalse();
    }

    @Test
    void whoLeavesIsForgotten() {
        await(101).cancel();

        assertThat(recent.isAwaited()).isFalse();
    }

    @Test
    void aNewBeginningForgetsWhatWasRead() {
        submit(100, A, "ann");
        var begins = recent.begins();

        recent.begin(offsets(200));

        assertThat(recent.first(A)).isEmpty();
        assertThat(recent.reachBackTo(begins)).isFalse();
    }

    @Test
    void whatThisInstanceWroteNeedsNoReader() {
        var later = await(102);

        // The broker's answers come in another order than the offsets.
        written(101, A, "bob");
        later.assertNotTerminated();
        written(100, A, "ann");

        later.assertCompleted();
        assertThat(recent.next(PARTITION)).isEqualTo(102);
        assertThat(recent.first(A))
                .hasValueSatisfying(
                        first -> assertThat(first.submission().task().user()).isEqualTo("ann"));
    }

    @Test
    void whatAnotherInstanceWroteInBetweenIsReadFirst() {
        written(101, A, "bob");
        assertThat(recent.first(A)).isEmpty();
        assertThat(recent.next(PARTITION)).isEqualTo(100);

        submit(100, A, "ann");
        submit(101, A, "bob");
        written(102, B, "bob");

        assertThat(recent.first(A))
                .hasValueSatisfying(
                        first -> assertThat(first.submission().task().user()).isEqualTo("ann"));
        assertThat(recent.first(B)).isPresent();
        assertThat(recent.next(PARTITION)).isEqualTo(103);
    }

    @Test
    void thatThereIsNoClaimIsKnownFromOnesOwnCommandsOnly() {
        assertThat(recent.hasNoClaimSince(100)).as("nothing written yet").isFalse();
        written(101, A, "ann");
        assertThat(recent.hasNoClaimSince(100)).as("100 is unknown").isFalse();
        submit(100, B, "ann");
        submit(101, A, "ann");
        assertThat(recent.hasNoClaimSince(100)).as("all known").isTrue();
        assertThat(recent.hasNoClaimSince(99)).as("before the window").isFalse();

        recent.written(
                new CommandPosition(PARTITION, 102),
                new SubmitTask(task(new TaskId("old"), "ann"), NOW_MS),
                System.nanoTime() - RecentCommands.FRESH.toNanos());
        assertThat(recent.hasNoClaimSince(100))
                .as("an older answer says nothing")
                .isTrue();

        recent.add(new CommandPosition(PARTITION, 103), new ClaimTaskId(A, PoolId.DEFAULT, NOW_MS));
        assertThat(recent.hasNoClaimSince(100)).as("a claim").isFalse();
    }
}
