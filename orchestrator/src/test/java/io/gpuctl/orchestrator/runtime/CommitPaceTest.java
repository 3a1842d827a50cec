package io.gpuctl.orchestrator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private long nowNanos = Long.MAX_VALUE - 1;

    private final CommitPace pace = new CommitPace(() -> nowNanos);

    private void pass(long ms) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void theFirstDecisionIsDueAtOnce() {
        assertThat(pace.leftMs(0)).isNotPositive();
        assertThat(pace.leftMs(60_000)).isNotPositive();
    }

    @Test
    void afterATransactionADecisionWaitsForTheGap() {
        pace.ended();
        assertThat(pace.leftMs(0)).isEqualTo(20);
        pass(19);
        assertThat(pace.leftMs(0)).isEqualTo(1);
        pass(1);
        assertThat(pace.leftMs(0)).isZero();
    }

    @Test
    void theGapGrowsWithTheAgeOfTheInputsUpToALimit() {
        pace.ended();
        assertThat(pace.leftMs(-5_000)).as("a sender whose clock is ahead").isEqualTo(20);
        assertThat(pace.leftMs(80)).isEqualTo(20);
        assertThat(pace.leftMs(200)).isEqualTo(50);
        assertThat(pace.leftMs(60_000)).isEqualTo(100);
    }

    @Test
    void tellsWhetherATransactionHasEndedSinceADecision() {
        long wroteNanos = nowNanos;
        assertThat(pace.hasEndedSince(wroteNanos)).isFalse();
        pass(5);
        pace.ended();
        assertThat(pace.hasEndedSince(wroteNanos)).isTrue();
        assertThat(pace.hasEndedSince(nowNanos)).isFalse();
    }
}
