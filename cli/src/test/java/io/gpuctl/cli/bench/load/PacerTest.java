package io.gpuctl.cli.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PacerTest {

    @Test
    void callsInOrderAndNeverEarly() {
        var pacer = Pacer.of(2_000);
        long[] calledNanos = new long[200];

        pacer.run(calledNanos.length, call -> calledNanos[call] = System.nanoTime());

        assertThat(IntStream.range(0, calledNanos.length))
                .allMatch(call -> calledNanos[call] - pacer.dueNanos(call) >= 0);
        assertThat(pacer.dueNanos(100) - pacer.dueNanos(0)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void aStallDoesNotMoveWhatIsDueLater() {
        long startNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(3);
        var pacer = new Pacer(startNanos, TimeUnit.MILLISECONDS.toNanos(1));

        pacer.run(10, call -> assertThat(pacer.microsSinceDue(call)).isGreaterThan(2_900_000));
    }
}
