package io.gpuctl.simulator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PulseTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int NODES = 120;

    private final Pulse pulse = new Pulse(NODES, 0);
    private final List<Integer> beaten = new ArrayList<>();

    @Test
    void callsEachNodeOnceASecond() {
        for (int ms = 0; ms < 3000; ms++) {
            pulse.beat(TimeUnit.MILLISECONDS.toNanos(ms), beaten::add);
        }

        assertThat(beaten)
                .hasSize(3 * NODES)
                .containsAll(IntStream.range(0, NODES).boxed().toList());
        assertThat(beaten.subList(0, NODES)).doesNotHaveDuplicates();
    }

    @Test
    void spreadsTheNodesOverTheSecond() {
        pulse.beat(SECOND / 2 - 1, beaten::add);

        assertThat(beaten).hasSizeBetween(NODES / 3, 2 * NODES / 3).doesNotHaveDuplicates();
    }

    @Test
    void callsEachNodeOnceAfterAStall() {
        pulse.beat(100 * SECOND, beaten::add);

        assertThat(beaten).hasSize(NODES).doesNotHaveDuplicates();
    }

    @Test
    void saysHowLongUntilTheNext() {
        pulse.beat(1, beaten::add);

        assertThat(pulse.nanosUntilNext(1)).isEqualTo(SECOND / 50 - 1);
        assertThat(pulse.nanosUntilNext(SECOND)).isZero();
    }
}
