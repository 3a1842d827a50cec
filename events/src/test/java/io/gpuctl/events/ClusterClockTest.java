package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterClockTest {
    @Test
    void atSpeedOneIsWallTime() {
        assertThat(ClusterClock.wall().clusterMs(1_800_000_000_123L)).isEqualTo(1_800_000_000_123L);
    }

    @Test
    void runsFasterFromItsOrigin() {
        var clock = new ClusterClock(1_000, 50_000, 20);

        assertThat(clock.clusterMs(1_000)).isEqualTo(50_000);
        assertThat(clock.clusterMs(1_250)).isEqualTo(55_000);
        assertThat(clock.clusterDurationMs(1_000)).isEqualTo(20_000);
    }

    @Test
    void processesThatShareNoFileAgree() {
        assertThat(ClusterClock.atSpeed(60)).isEqualTo(ClusterClock.atSpeed(60));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.3, 1, 7, 60, 1_000_000})
    void hasReachedAClusterTimeAtItsWallTimeAndNotBefore(double speed) {
        var clock = new ClusterClock(10_000, 90_000, speed);
        for (long clusterMs = 90_001; clusterMs < 90_100; clusterMs++) {
            long wallMs = clock.wallMs(clusterMs);

            assertThat(clock.clusterMs(wallMs)).isGreaterThanOrEqualTo(clusterMs);
            assertThat(clock.clusterOriginMs() + (wallMs - 1 - clock.wallOriginMs()) * speed)
                    .isLessThan((double) clusterMs);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 60, 30_000})
    void refusesTimesThatLieFurtherAheadThanClocksDifferWhateverTheSpeed(double speed) {
        var clock = new ClusterClock(1_000, 1_000, speed, () -> 2_000);
        long latestMs = clock.clusterMs(2_000 + ClusterClock.AHEAD_WALL_MS_MAX);

        clock.requireNotAhead(0);
        clock.requireNotAhead(latestMs);

        for (long atMs : new long[] {-1, Long.MIN_VALUE, latestMs + 1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> clock.requireNotAhead(atMs))
                    .isInstanceOf(InvalidFieldException.class)
                    .hasMessageContainingAll("at_ms is " + atMs, "a time from 0 to " + latestMs, "30 s of wall-clock");
        }
    }

    @Test
    void noDurationVanishesAtALowSpeed() {
        assertThat(ClusterClock.atSpeed(0.001).clusterDurationMs(1)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e7})
    void refusesASpeedThatIsNone(double speed) {
        assertThatThrownBy(() -> ClusterClock.atSpeed(speed))
                .isInstanceOfSatisfying(
                        InvalidFieldException.class, e -> assertThat(e.field()).isEqualTo("speed"));
    }
}
