package io.gpuctl.experiments.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private final EventLoop loop = new EventLoop();
    private final List<String> done = new ArrayList<>();

    @Test
    void theEarlierGoesFirstWhateverWasPlannedFirst() {
        plan(20, "b");
        plan(10, "a");
        plan(30, "c");

        loop.runUntil(100);

        assertThat(done).containsExactly("a at 10", "b at 20", "c at 30");
    }

    @Test
    void inOneMillisecondWhatWasPlannedFirstGoesFirst() {
        for (int i = 0; i < 50; i++) {
            plan(7, Integer.toString(i));
        }

        loop.runUntil(100);

        assertThat(done).hasSize(50);
        for (int i = 0; i < 50; i++) {
            assertThat(done.get(i)).isEqualTo(i + " at 7");
        }
    }

    @Test
    void whatIsPlannedForNowGoesBehindWhatWasPlannedForItBefore() {
        loop.at(5, () -> {
            done.add("first");
            plan(5, "led to");
        });
        plan(5, "second");

        loop.runUntil(100);

        assertThat(done).containsExactly("first", "second at 5", "led to at 5");
    }

    @Test
    void itStopsBehindTheMomentThatItRunsUntil() {
        plan(10, "a");
        plan(11, "b");

        loop.runUntil(10);

        assertThat(done).containsExactly("a at 10");
        assertThat(loop.nowMs()).isEqualTo(10);
    }

    @Test
    void timePassesAlsoWhenNothingIsPlanned() {
        loop.runUntil(1_000);

        assertThat(loop.nowMs()).isEqualTo(1_000);
    }

    @Test
    void nothingCanBePlannedForThePast() {
        loop.runUntil(1_000);

        assertThatThrownBy(() -> plan(999, "late"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The time is already 1000 ms: too late to plan an action for 999 ms");
    }

    @Test
    void itIsBusyAsLongAsSomethingIsPlannedThatSomebodyWaitsFor() {
        plan(10, "a");
        loop.inBackgroundAt(10, () -> done.add("b"));

        assertThat(loop.isBusy()).isTrue();
        loop.runNext();
        assertThat(loop.isBusy()).isFalse();
        assertThat(loop.isEmpty()).isFalse();
        loop.runNext();
        assertThat(done).containsExactly("a at 10", "b");
    }

    private void plan(long atMs, String name) {
        loop.at(atMs, () -> done.add(name + " at " + loop.nowMs()));
    }
}
