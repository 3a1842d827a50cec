package io.gpuctl.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueQueueTest {
    private static final Comparator<Due> ORDER =
            Comparator.<Due>comparingLong(due -> due.atMs).thenComparingInt(due -> due.number);

    private static final class Due extends DueQueue.Entry {
        private final int number;
        private long atMs;

        Due(int number) {
            this.number = number;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 60})
    void theFirstIsAlwaysTheEarliest(int entries) {
        var random = new Random(entries);
        var queue = new DueQueue<>(ORDER);
        List<Due> all = new ArrayList<>();
        for (int number = 0; number < entries; number++) {
            all.add(new Due(number));
        }
        List<Due> queued = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            Due due = all.get(random.nextInt(entries));
            queue.remove(due);
            queued.remove(due);
            if (random.nextInt(3) > 0) {
                due.atMs = random.nextInt(20);
                queue.add(due);
                queued.add(due);
            }

            assertThat(queue.first()).isSameAs(queued.stream().min(ORDER).orElse(null));
        }
    }
}
