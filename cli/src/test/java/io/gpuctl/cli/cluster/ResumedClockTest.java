package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.cluster.ResumedClock.Stamp;
import io.gpuctl.events.ClusterClock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ResumedClockTest {
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final long DAY_MS = 24 * 3_600_000;
    private static final long TEN_YEARS_MS = 3_650 * DAY_MS;

    @Test
    void atSpeedOneItIsTheWalls() {
        assertThat(resumed(beats(NOW_MS - DAY_MS, NOW_MS - DAY_MS), List.of(), 1))
                .isEqualTo(NOW_MS);
        assertThat(resumed(List.of(), List.of(), 1)).isEqualTo(NOW_MS);
    }

    @Test
    void aClusterThatRanAheadGoesOnThere() {
        long aheadMs = NOW_MS + 100 * DAY_MS;

        assertThat(resumed(beats(aheadMs, NOW_MS - 1_000), List.of(), 1)).isBetween(aheadMs - 100_000, aheadMs + 1);
        assertThat(resumed(beats(aheadMs, NOW_MS), List.of(), 30_000)).isBetween(aheadMs - 100_000, aheadMs + 1);
    }

    @Test
    void factsAreAheadOfTheNodesByALittle() {
        long factMs = NOW_MS + DAY_MS;

        assertThat(resumed(beats(NOW_MS, NOW_MS), List.of(new Stamp(factMs, NOW_MS)), 30_000))
                .isEqualTo(factMs + 1);
    }

    @Test
    void oneRecordWithAWrongTimeMovesNothing() {
        List<Stamp> beats = new ArrayList<>(beats(NOW_MS - DAY_MS, NOW_MS - DAY_MS));
        beats.add(new Stamp(NOW_MS + TEN_YEARS_MS, NOW_MS));
        beats.add(new Stamp(Long.MAX_VALUE, NOW_MS));

        assertThat(resumed(beats, List.of(), 1)).isEqualTo(NOW_MS);
        assertThat(resumed(beats, List.of(), 30_000)).isLessThan(NOW_MS);
    }

    @Test
    void factsThatSuchARecordLedToMoveNothing() {
        List<Stamp> facts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            facts.add(new Stamp(NOW_MS + TEN_YEARS_MS, NOW_MS - DAY_MS));
        }

        assertThat(resumed(beats(NOW_MS - DAY_MS, NOW_MS - DAY_MS), facts, 1)).isEqualTo(NOW_MS);
    }

    @Test
    void aMachineWhoseClockWasAheadIsNotFollowed() {
        long wrongMs = NOW_MS + 50 * 60_000;

        assertThat(resumed(beats(wrongMs, wrongMs), List.of(new Stamp(wrongMs, wrongMs)), 1))
                .isEqualTo(NOW_MS);
    }

    private static List<Stamp> beats(long lastAtMs, long lastWallMs) {
        return LongStream.range(-60, 1)
                .mapToObj(i -> new Stamp(lastAtMs + 1_000 * i, lastWallMs + 1_000 * i))
                .toList();
    }

    private static long resumed(List<Stamp> ofNodes, List<Stamp> facts, double speed) {
        ClusterClock clock = ResumedClock.of(List.of(ofNodes), List.of(facts), speed, () -> NOW_MS);
        return clock.nowMs();
    }
}
