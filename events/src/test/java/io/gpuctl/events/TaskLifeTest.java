package io.gpuctl.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskLifeTest {
    private static final Path GOLDEN = Path.of("src/test/resources/task-life.txt");
    private static final Path PAGE = Path.of("../docs/concepts.md");
    private static final String WRITE = "./mvnw -pl events -am test -Dtest=TaskLifeTest -Dreference.write=true";
    private static final String BEGIN =
            "<!-- Generated: do not edit; regenerate it with\n     %s -->\n".formatted(WRITE);
    private static final String END = "<!-- End of what is generated. -->\n";

    /** Returns the rows by the state before, then by the step. */
    private static List<TaskTransition> rows() {
        List<TaskTransition> rows = new ArrayList<>(TaskLife.rows());
        rows.sort(Comparator.comparing(TaskTransition::from, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(TaskTransition::step));
        return rows;
    }

    @Test
    void theGoldenFileHasEveryRow() throws IOException {
        String table = rows().stream().map(row -> row + "\n").collect(Collectors.joining());
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(GOLDEN, table);
        }

        assertThat(Files.readString(GOLDEN))
                .as("%s is not what the program has now. Write it again with%n  %s", GOLDEN, WRITE)
                .isEqualTo(table);
    }

    @Test
    void thePageShowsEveryChangeOfState() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(page).contains(BEGIN, END);
        if (Boolean.getBoolean("reference.write")) {
            page = page.substring(0, begin) + diagram() + page.substring(end);
            Files.writeString(PAGE, page);
            end = page.indexOf(END);
        }

        assertThat(page.substring(begin, end))
                .as("The diagram in %s is not what the program has now. Write it again with%n  %s", PAGE, WRITE)
                .isEqualTo(diagram());
    }

    /** Returns a diagram with one arrow for each pair of states, labelled with all steps between them. */
    private static String diagram() {
        Map<String, List<TaskStep>> arrows = new LinkedHashMap<>();
        for (TaskTransition row : rows()) {
            if (row.changesState()) {
                String from = row.from() == null ? "[*]" : TaskTransition.name(row.from());
                arrows.computeIfAbsent(
                                "%s --> %s".formatted(from, TaskTransition.name(row.to())), _ -> new ArrayList<>())
                        .add(row.step());
            }
        }
        var text = new StringBuilder("\n```mermaid\nstateDiagram-v2\n");
        arrows.forEach((arrow, steps) -> text.append("    %s : %s\n"
                .formatted(arrow, steps.stream().map(TaskStep::toString).collect(Collectors.joining("<br>")))));
        Arrays.stream(TaskState.values())
                .filter(TaskState::isFinal)
                .forEach(state -> text.append("    %s --> [*]\n".formatted(TaskTransition.name(state))));
        return text.append("```\n\n").toString();
    }

    @ParameterizedTest
    @EnumSource
    void everyStateIsReachedAndOnlyAFinalOneIsNeverLeft(TaskState state) {
        assertThat(TaskLife.rows()).anyMatch(row -> row.to() == state && row.changesState());
        assertThat(TaskLife.rows().stream().anyMatch(row -> row.from() == state && row.changesState()))
                .isEqualTo(!state.isFinal());
    }

    @ParameterizedTest
    @EnumSource
    void everyStepHasARow(TaskStep step) {
        assertThat(TaskLife.rows()).anyMatch(row -> row.step() == step);
    }

    @Test
    void everyTypeOfEventHasAStep() {
        assertThat(Arrays.stream(TaskStep.values())
                        .<Class<?>>map(TaskStep::eventType)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(FactTypes.of(ClusterEvent.OfTask.class));
    }

    @ParameterizedTest
    @EnumSource
    void statesAreNamedAsInTheLog(TaskState state) {
        assertThat(TaskTransition.name(state)).isEqualTo(EventJson.mapper().convertValue(state, String.class));
    }

    @Test
    void nextKnowsTheRowsAndNothingElse() {
        List<TaskTransition> found = new ArrayList<>();
        List<@Nullable TaskState> before = new ArrayList<>(Arrays.asList(TaskState.values()));
        before.addFirst(null);
        for (TaskState from : before) {
            for (TaskStep step : TaskStep.values()) {
                TaskState to = TaskLife.next(from, step);
                if (to != null) {
                    found.add(new TaskTransition(from, step, to));
                }
            }
        }

        assertThat(found).containsExactlyElementsOf(rows());
    }

    @Test
    void aStepThatIsNotLegalIsBelievedToLeadWhereItLeadsElsewhere() {
        assertThat(TaskLife.believed(TaskState.BACKING_OFF, TaskStep.COMPLETED)).isEqualTo(TaskState.COMPLETED);
        assertThat(TaskLife.believed(TaskState.BACKING_OFF, TaskStep.CHECKPOINTED))
                .isEqualTo(TaskState.BACKING_OFF);
    }

    @Test
    void gpusAreTakenByAPlacementAndGivenUpAtTheEndOfAnAttempt() {
        assertThat(Arrays.stream(TaskStep.values()).filter(TaskLife::movesGpus))
                .containsExactly(
                        TaskStep.PLACED,
                        TaskStep.COMPLETED,
                        TaskStep.GAVE_WAY,
                        TaskStep.REQUEUED,
                        TaskStep.DELAYED,
                        TaskStep.FAILED,
                        TaskStep.CANCELLED);
    }

    @Test
    void theNextStateAfterARequeueRestsOnWhyAndWhen() {
        assertThat(TaskStep.of(requeued(EndReason.NODE_LOST, 5), 5)).isEqualTo(TaskStep.REQUEUED);
        assertThat(TaskStep.of(requeued(EndReason.NODE_DRAINED, 5), 5)).isEqualTo(TaskStep.GAVE_WAY);
        assertThat(TaskStep.of(requeued(EndReason.TASK_FAILED, 6), 5)).isEqualTo(TaskStep.DELAYED);
    }

    private static ClusterEvent.TaskRequeued requeued(EndReason reason, long eligibleAtMs) {
        return new ClusterEvent.TaskRequeued(new TaskId("t"), 1, reason, "", eligibleAtMs, 0, 0);
    }

    @Test
    void aStepNamesTheAttemptThatItIsAbout() {
        assertThat(TaskStep.PLACED.fits(1, 2)).isTrue();
        assertThat(TaskStep.PLACED.fits(1, 1)).isFalse();
        assertThat(TaskStep.STARTED.fits(1, 1)).isTrue();
        assertThat(TaskStep.STARTED.fits(1, 2)).isFalse();
        assertThat(TaskStep.CANCELLED.fits(1, 0)).isTrue();
    }

    private static TaskTransition row(TaskState from, TaskStep step, TaskState to) {
        return new TaskTransition(from, step, to);
    }

    private static void assertRefused(String why, TaskTransition... rows) {
        assertThatThrownBy(() -> new TaskLife(List.of(rows)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(why);
    }

    @Test
    void aSecondRowForAStateAndAStepIsRefused() {
        assertRefused(
                "placed, task_failed -> queued: another row has the same state and step",
                row(TaskState.PLACED, TaskStep.FAILED, TaskState.FAILED),
                row(TaskState.PLACED, TaskStep.FAILED, TaskState.QUEUED));
    }

    @Test
    void aStepThatLeadsToTwoStatesIsRefused() {
        assertRefused(
                "running, task_failed -> queued: in another row, the step leads to a different state",
                row(TaskState.PLACED, TaskStep.FAILED, TaskState.FAILED),
                row(TaskState.RUNNING, TaskStep.FAILED, TaskState.QUEUED));
        assertRefused(
                "running, task_failed -> running: in another row, the step leads to a different state",
                row(TaskState.PLACED, TaskStep.FAILED, TaskState.FAILED),
                row(TaskState.RUNNING, TaskStep.FAILED, TaskState.RUNNING));
    }

    @Test
    void aRowThatLeavesAFinalStateIsRefused() {
        assertRefused(
                "failed, retry_due -> queued: no step may start from a final state",
                row(TaskState.FAILED, TaskStep.RETRY_DUE, TaskState.QUEUED));
    }
}
