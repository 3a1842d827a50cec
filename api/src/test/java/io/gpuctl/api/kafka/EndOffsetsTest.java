package io.gpuctl.api.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndOffsetsTest {
    private final EndOffsets ends = new EndOffsets();

    @Test
    void nothingWaitsWhereAllIsProcessed() {
        assertThat(ends.unprocessedNanos(0, 5)).isZero();
        ends.sample(10, 100);
        assertThat(ends.unprocessedNanos(10, 500)).isZero();
    }

    @Test
    void aRecordWaitsSinceItWasSeenFirst() {
        ends.sample(10, 100);
        ends.sample(10, 200);
        ends.sample(15, 300);

        assertThat(ends.unprocessedNanos(10, 900)).isEqualTo(600);
        assertThat(ends.unprocessedNanos(12, 900)).isEqualTo(600);
    }

    @Test
    void whoIsAlwaysALittleBehindIsNotFurtherAndFurtherBehind() {
        for (int second = 1; second <= 100; second++) {
            ends.sample(second * 10L, second);
            assertThat(ends.unprocessedNanos(second * 10L - 3, second)).isZero();
        }
    }

    @Test
    void whoHangsIsFurtherBehindEachTime() {
        for (int second = 1; second <= 5_000; second++) {
            ends.sample(second * 10L, second);
            assertThat(ends.unprocessedNanos(10, second)).isEqualTo(second == 1 ? 0 : second - 2);
        }
        assertThat(ends.unprocessedNanos(50_000, 6_000)).isZero();
    }
}
