package io.gpuctl.simulator.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gpuctl.events.LoadProfile;
import io.gpuctl.simulator.model.LoadPattern.Stretch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadPatternTest {
    private static final long DAY_MS = 24L * 3600 * 1000;
    private static final long START_MS = Nodes.START_MS + 12_345;

    @ParameterizedTest
    @EnumSource
    void meansOverADayWhatTheTaskSays(LoadProfile profile) {
        for (double utilization : new double[] {0, 0.05, 0.3, 0.5, 0.9, 0.97, 1}) {
            assertThat(mean(pattern(profile, utilization, "task"), START_MS, START_MS + DAY_MS))
                    .as("%s at %s", profile, utilization)
                    .isCloseTo(utilization, within(1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TRAINING_LARGE", "TRAINING_SMALL", "NOTEBOOK"})
    void meansOverEachCycleWhatTheTaskSays(LoadProfile profile) {
        long cycleMs = LoadShape.of(profile).cycleMs();
        var pattern = pattern(profile, 0.2, "task");
        for (long cycle = 0; cycle < 100; cycle++) {
            long startMs = START_MS + cycle * cycleMs;
            assertThat(mean(pattern, startMs, startMs + cycleMs)).isCloseTo(0.2, within(1e-9));
        }
    }

    @Test
    void staysAsItIsIfSteady() {
        assertThat(pattern(LoadProfile.STEADY, 0.7, "task").at(START_MS))
                .isEqualTo(new Stretch(0.7, ThermalPath.NEVER));
    }

    @Test
    void leavesANotebookIdleMostOfTheTime() {
        var stretches = stretches(pattern(LoadProfile.NOTEBOOK, 0.1, "task"));

        assertThat(share(stretches, 0, 0.06)).isBetween(0.75, 0.95);
        assertThat(share(stretches, 0.4, 1)).isBetween(0.05, 0.25);
    }

    @Test
    void keepsLargeTrainingBusyMostOfTheTime() {
        assertThat(share(stretches(pattern(LoadProfile.TRAINING_LARGE, 0.9, "task")), 0.9, 1))
                .isBetween(0.96, 0.99);
    }

    @Test
    void loadsInferenceByDay() {
        var pattern = pattern(LoadProfile.INFERENCE, 0.5, "task");
        long midnightMs = Math.ceilDiv(START_MS, DAY_MS) * DAY_MS;
        long hourMs = DAY_MS / 24;

        double night = mean(pattern, midnightMs + 2 * hourMs, midnightMs + 4 * hourMs);
        double day = mean(pattern, midnightMs + 14 * hourMs, midnightMs + 16 * hourMs);

        assertThat(day / night).isBetween(2.0, 2.6);
    }

    @Test
    void isTheSameInAnyOrder() {
        var pattern = pattern(LoadProfile.TRAINING_SMALL, 0.6, "task");
        List<Long> moments = new ArrayList<>();
        List<Stretch> inOrder = new ArrayList<>();
        for (long atMs = START_MS; atMs < START_MS + DAY_MS; atMs += 61_007) {
            moments.add(atMs);
            inOrder.add(pattern.at(atMs));
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < moments.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(1));
        var other = pattern(LoadProfile.TRAINING_SMALL, 0.6, "task");

        assertThat(order).allSatisfy(i -> assertThat(other.at(moments.get(i))).isEqualTo(inOrder.get(i)));
    }

    @Test
    void differsFromTaskToTask() {
        assertThat(pattern(LoadProfile.TRAINING_SMALL, 0.6, "a").at(START_MS))
                .isNotEqualTo(pattern(LoadProfile.TRAINING_SMALL, 0.6, "b").at(START_MS));
    }

    private static LoadPattern pattern(LoadProfile profile, double utilization, String task) {
        return new LoadPattern(profile, utilization, Nodes.attempt(task), START_MS);
    }

    private record Weighted(double utilization, long lengthMs) {}

    private static List<Weighted> stretches(LoadPattern pattern) {
        List<Weighted> all = new ArrayList<>();
        for (long atMs = START_MS; atMs < START_MS + DAY_MS; ) {
            Stretch stretch = pattern.at(atMs);
            all.add(new Weighted(stretch.utilization(), stretch.endMs() - atMs));
            atMs = stretch.endMs();
        }
        return all;
    }

    private static double share(List<Weighted> stretches, double min, double max) {
        double of = stretches.stream().mapToLong(Weighted::lengthMs).sum();
        return stretches.stream()
                        .filter(stretch -> stretch.utilization >= min && stretch.utilization <= max)
                        .mapToLong(Weighted::lengthMs)
                        .sum()
                / of;
    }

    private static double mean(LoadPattern pattern, long fromMs, long toMs) {
        double sum = 0;
        for (long atMs = fromMs; atMs < toMs; ) {
            Stretch stretch = pattern.at(atMs);
            long endMs = Math.min(toMs, stretch.endMs());
            sum += stretch.utilization() * (endMs - atMs);
            atMs = endMs;
        }
        return sum / (toMs - fromMs);
    }
}
