package io.gpuctl.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DecayedUsageTest {
    private static final long HOUR_MS = 3_600_000;

    @Test
    void q6CountsAnHourAgoHalf() {
        var used = DecayedUsage.none(0).until(HOUR_MS, 8_000, HOUR_MS).until(2 * HOUR_MS, 0, HOUR_MS);
        var capacity = DecayedUsage.none(0).until(2 * HOUR_MS, 16_000, HOUR_MS);

        assertThat(used.partOf(capacity)).isCloseTo(1.0 / 6, within(1e-12));
    }

    @Test
    void doesNotDependOnTheStepsInBetween() {
        var inOne = DecayedUsage.none(0).until(2 * HOUR_MS, 8_000, HOUR_MS);
        var inSteps = DecayedUsage.none(0);
        for (long atMs = 60_000; atMs <= 2 * HOUR_MS; atMs += 60_000) {
            inSteps = inSteps.until(atMs, 8_000, HOUR_MS);
        }

        assertThat(inSteps.amountMs()).isCloseTo(inOne.amountMs(), within(inOne.amountMs() * 1e-12));
    }

    @Test
    void approachesWhatIsHeldForEver() {
        var used = DecayedUsage.none(0).until(HOUR_MS, 16_000, HOUR_MS).until(100 * HOUR_MS, 4_000, HOUR_MS);
        var capacity = DecayedUsage.none(0).until(100 * HOUR_MS, 16_000, HOUR_MS);

        assertThat(used.partOf(capacity)).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void isNothingWithoutCapacity() {
        assertThat(DecayedUsage.none(5).partOf(DecayedUsage.none(5))).isZero();
    }

    @Test
    void doesNotGoBack() {
        var used = DecayedUsage.none(1_000);

        assertThat(used.until(500, 8_000, HOUR_MS)).isEqualTo(used);
    }
}
