package io.gpuctl.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.views.FakeViews;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import io.gpuctl.telemetry.runtime.Ownership;
import io.gpuctl.telemetry.runtime.Ownership.Host;
import io.gpuctl.telemetry.views.InMemoryViewStore;
import io.gpuctl.telemetry.views.PoolViewsFold;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The log's last fact in partition 2 is the third of its pool. */
class PastFoldingTest {
    private static final Host HERE = new Host("here", 1);
    private static final Host THERE = new Host("there", 2);
    private static final List<LoggedFact> LAST = List.of(new LoggedFact(2, 40, fact(3)));

    private static Fact fact(long sequence) {
        return new Fact(
                PoolId.DEFAULT, sequence, sequence, Cause.TIMER, new ClusterEvent.RetryDue(new TaskId("t" + sequence)));
    }

    private static FakeViews views(Host owner, long... sequences) {
        var store = new InMemoryViewStore();
        var fold = new PoolViewsFold(store);
        LongStream.of(sequences).forEach(sequence -> fold.apply(fact(sequence)));
        var views = new FakeViews(new Ownership(HERE, Map.of(0, THERE, 1, THERE, 2, owner, 3, THERE), Map.of()));
        var pool = store.pool(PoolId.DEFAULT);
        if (pool != null) {
            views.pools.add(pool);
        }
        return views;
    }

    @Test
    void whoHasNotComeToTheEndIsBehind() {
        assertThat(PastFolding.behind(views(HERE), LAST))
                .contains("The views are still folding old facts: pool default is at fact 0 of 3");
        assertThat(PastFolding.behind(views(HERE, 1, 2), LAST))
                .contains("The views are still folding old facts: pool default is at fact 2 of 3");
        assertThat(PastFolding.behind(views(HERE, 1, 2, 3), LAST)).isEmpty();
        assertThat(PastFolding.behind(views(HERE, 1, 2, 3, 4), LAST)).isEmpty();
    }

    @Test
    void aLogWithoutFactsIsFolded() {
        assertThat(PastFolding.behind(views(HERE), List.of())).isEmpty();
    }

    @Test
    void whatAnotherInstanceFoldsIsNotWaitedFor() {
        assertThat(PastFolding.behind(views(THERE), LAST)).isEmpty();
    }

    /** A fact beyond a gap is never folded unless its successor follows. */
    @Test
    void aFactAloneBeyondAGapIsNotWaitedFor() {
        var beyond = 3 + 1_000_000_000L;
        var views = views(HERE, 1, 2, 3, beyond);

        assertThat(PastFolding.behind(views, List.of(new LoggedFact(2, 41, fact(beyond)))))
                .isEmpty();
    }
}
