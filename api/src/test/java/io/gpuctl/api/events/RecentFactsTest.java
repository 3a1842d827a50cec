package io.gpuctl.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.api.problem.ProblemException;
import io.gpuctl.events.Cause;
import io.gpuctl.events.ClusterEvent.RetryDue;
import io.gpuctl.events.Fact;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentFactsTest {

    private final RecentFacts recent = new RecentFacts(3);

    private static LogPlace place(long... nextOffsets) {
        return new LogPlace(Arrays.stream(nextOffsets).boxed().toList());
    }

    private static LoggedFact fact(int partition, long offset) {
        var event = new RetryDue(new TaskId("t"));
        return new LoggedFact(partition, offset, new Fact(PoolId.DEFAULT, 1, 0, Cause.TIMER, event));
    }

    @Test
    void isNotReadyBeforeItsBegin() {
        assertThat(recent.hasBegun()).isFalse();
        assertThatThrownBy(recent::newest).isInstanceOf(ProblemException.class);
    }

    @Test
    void knowsWhatItHolds() throws Exception {
        recent.begin(place(5, 5, 5, 5));
        recent.add(List.of(fact(0, 5), fact(1, 7)));

        assertThat(recent.newest()).isEqualTo(place(6, 8, 5, 5));
        assertThat(recent.firstNumberAfter(place(5, 5, 5, 5))).hasValue(0);
        assertThat(recent.firstNumberAfter(place(4, 5, 5, 5))).isEmpty();
        assertThat(recent.next(1, Duration.ZERO)).containsExactly(fact(1, 7));
        assertThat(recent.next(2, Duration.ZERO)).isEmpty();
    }

    @Test
    void dropsTheOldestAndSaysSo() throws Exception {
        recent.begin(place(0, 0, 0, 0));
        recent.add(List.of(fact(0, 0), fact(1, 0), fact(0, 1), fact(0, 2)));

        assertThat(recent.firstNumberAfter(place(0, 0, 0, 0))).isEmpty();
        assertThat(recent.firstNumberAfter(place(1, 0, 0, 0))).hasValue(1);
        assertThatThrownBy(() -> recent.next(0, Duration.ZERO)).isInstanceOf(RecentFacts.FellBehindException.class);
        assertThat(recent.next(1, Duration.ZERO)).hasSize(3);
    }

    /** The follower may already have read facts when its place is read. */
    @Test
    void holdsWhatCameBeforeItsBeginWasKnown() {
        recent.add(List.of(fact(2, 10)));
        recent.begin(place(0, 0, 11, 0));

        assertThat(recent.oldest()).isEqualTo(place(0, 0, 10, 0));
        assertThat(recent.newest()).isEqualTo(place(0, 0, 11, 0));
    }

    @Test
    void aPlaceIsItsText() {
        assertThat(LogPlace.parse("1-2-3-4")).isEqualTo(place(1, 2, 3, 4)).hasToString("1-2-3-4");
        assertThat(place(1, 2, 3, 4).furthest(place(4, 3, 2, 1))).isEqualTo(place(4, 3, 3, 4));
    }
}
