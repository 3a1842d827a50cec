package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogBudgetTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final LogBudget budget = new LogBudget(3);

    @Test
    void grantsSoManyLinesAMinuteAndSaysHowManyItDidNot() {
        long begin = -5 * SECOND; // nanoTime may be negative.
        for (int i = 0; i < 3; i++) {
            assertThat(budget.take(begin + i * SECOND)).hasValue(0);
        }
        for (int i = 3; i < 60; i++) {
            assertThat(budget.take(begin + i * SECOND)).isEmpty();
        }

        assertThat(budget.take(begin + 60 * SECOND)).hasValue(57);
        assertThat(budget.take(begin + 61 * SECOND)).hasValue(0);
    }

    @Test
    void beginsTheMinuteWithItsFirstLine() {
        assertThat(budget.take(1_000 * SECOND)).hasValue(0);
        assertThat(budget.take(1_059 * SECOND)).hasValue(0);
        assertThat(budget.take(1_059 * SECOND)).hasValue(0);
        assertThat(budget.take(1_059 * SECOND)).isEmpty();
        assertThat(budget.take(1_060 * SECOND)).hasValue(1);
    }
}
