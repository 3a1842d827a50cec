package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.FactOrder.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FactOrderTest {
    private static Fact fact(long number) {
        return new Fact(
                PoolId.DEFAULT, number, 0, Cause.TIMER, new ClusterEvent.OrchestratorStarted(PoolId.DEFAULT, "test"));
    }

    private static List<Step> steps(long... numbers) {
        List<Step> steps = new ArrayList<>();
        FactOrder order = FactOrder.START;
        for (long number : numbers) {
            Fact fact = fact(number);
            steps.add(order.step(fact));
            order = order.after(fact);
        }
        return steps;
    }

    @Test
    void takesFactsInTheirOrder() {
        assertThat(steps(1, 2, 3)).containsOnly(Step.NEXT);
    }

    @Test
    void knowsWhatWasThere() {
        assertThat(steps(1, 2, 2, 1, 3)).containsExactly(Step.NEXT, Step.NEXT, Step.REPEATED, Step.REPEATED, Step.NEXT);
    }

    @Test
    void goesOnAfterOneThatIsAloneAhead() {
        assertThat(steps(1, Long.MAX_VALUE, 2, 900, 3))
                .containsExactly(Step.NEXT, Step.ALONE_AHEAD, Step.NEXT, Step.ALONE_AHEAD, Step.NEXT);
    }

    @Test
    void goesOnBehindAGap() {
        assertThat(steps(1, 7, 8, 9)).containsExactly(Step.NEXT, Step.ALONE_AHEAD, Step.BEHIND_GAP, Step.NEXT);
    }

    @Test
    void takesNoneForTheFirstBecauseItIsTheFirst() {
        assertThat(steps(7, 1, 2)).containsExactly(Step.ALONE_AHEAD, Step.NEXT, Step.NEXT);
    }
}
