package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommandsSeenTest {
    private final CommandsSeen seen = new CommandsSeen(Runnable::run);

    private CompletableFuture<Void> when(long offset) {
        return seen.whenSeen(0, offset).toCompletableFuture();
    }

    @Test
    void completesAtOnceWhatWasSeen() {
        seen.opened(0, 5);

        assertThat(when(5)).isCompleted();
        assertThat(when(6)).isNotDone();
    }

    @Test
    void completesWhatIsReached() {
        seen.opened(0, -1);
        var two = when(2);
        var four = when(4);

        seen.processed(0, 3);

        assertThat(two).isCompleted();
        assertThat(four).isNotDone();
    }

    @Test
    void aSkippedRecordCountsOnlyAfterThoseBeforeIt() {
        seen.opened(0, -1);
        var one = when(2);

        seen.skipped(0, 1);
        seen.skipped(0, 2);
        boolean tooEarly = one.isDone();
        seen.processed(0, 0);

        assertThat(tooEarly).isFalse();
        assertThat(one).isCompleted();
    }

    @Test
    void failsWhoWaitsForAPartitionThatMoves() {
        seen.opened(0, -1);
        var waiting = when(0);

        seen.closed(0);

        assertThat(waiting)
                .failsWithin(0, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(ViewsNotReadyException.class);
        assertThatThrownBy(() -> when(0)).isInstanceOf(ViewsNotReadyException.class);
    }

    @Test
    void refusesTooManyAndTakesThePlaceOfWhoGaveUp() {
        seen.opened(0, -1);
        var first = when(0);
        for (int i = 1; i < Views.WAITERS_MAX; i++) {
            var _ = when(i);
        }
        assertThatThrownBy(() -> when(0)).isInstanceOf(ViewsNotReadyException.class);

        first.cancel(false);

        assertThat(when(0)).isNotDone();
    }
}
