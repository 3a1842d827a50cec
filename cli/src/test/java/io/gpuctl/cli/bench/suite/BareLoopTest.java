package io.gpuctl.cli.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BareLoopTest {

    @Test
    void lastsAsLongAsItsArrivals() {
        int tasks = 100_000;
        int servers = 80;

        double end = BareLoop.run(tasks, servers, new SplittableRandom(1));

        // At load 0.8, tasks arrive at 0.8 of the rate at which the servers can end them; the mean of a log-normal
        // duration with the median of 600 s and sigma 1 is 989 s.
        double arrivals = tasks * 989.2 / (0.8 * servers);
        assertThat(end / arrivals).isCloseTo(1, within(0.02));
    }

    @Test
    void aSingleServerServesOneTaskAfterTheOther() {
        double alone = BareLoop.run(1_000, 1, new SplittableRandom(1));

        assertThat(alone).isGreaterThan(1_000 * 600.0);
    }
}
