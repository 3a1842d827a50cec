package io.gpuctl.telemetry.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageEndTest {
    private static final List<Integer> WIDE = Collections.nCopies(500, 4_096);
    private static final List<Integer> NARROW = Collections.nCopies(500, 8);

    @Test
    void isTheLimitForWhatHasFewAllocations() {
        assertThat(cut(NARROW, 100)).hasSize(100);
        assertThat(cut(NARROW, 1_000)).hasSize(500);
        assertThat(PageEnd.isFull(cut(NARROW, 100), 100, n -> n)).isTrue();
        assertThat(PageEnd.isFull(cut(NARROW, 1_000), 1_000, n -> n)).isFalse();
    }

    @Test
    void comesEarlyForWhatHasMany() {
        assertThat(cut(WIDE, 500)).hasSize(4);
        assertThat(PageEnd.isFull(cut(WIDE, 500), 500, n -> n)).isTrue();
        assertThat(PageEnd.isFull(cut(WIDE.subList(0, 3), 500), 500, n -> n)).isFalse();
    }

    private static List<Integer> cut(List<Integer> entries, int limit) {
        return PageEnd.cut(entries.iterator(), limit, n -> n);
    }
}
