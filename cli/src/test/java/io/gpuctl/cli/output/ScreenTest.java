package io.gpuctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.output.Table.Column;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The differences between a table on a screen and a table in a pipe. */
class ScreenTest {

    private static final Screen NARROW = new Screen(41, false);

    private static Table table() {
        return new Table(Column.left("ID"), Column.state("STATE"), Column.right("GPUS"), Column.text("REASON"))
                .row("task_000000000001", "queued", "1024", "InsufficientGpus on every node of the pool")
                .row("t2", "running", "8", "");
    }

    @Test
    void cutsTextToFitAndSaysSo() {
        assertThat(table().lines(NARROW))
                .containsExactly(
                        "ID                 STATE    GPUS  REASON",
                        "task_000000000001  queued   1024  Insuff\u2026",
                        "t2                 running     8  -");
    }

    @Test
    void noLineIsLongerThanTheScreen() {
        for (int columns = 36; columns < 120; columns++) {
            var screen = new Screen(columns, false);
            assertThat(table().lines(screen))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(screen.columns()));
        }
    }

    @Test
    void aPipeGetsAllOfIt() {
        assertThat(table().lines(Screen.NONE)).anyMatch(line -> line.endsWith("on every node of the pool"));
    }

    @Test
    void statesHaveColoursThatTakeNoRoom() {
        List<String> plain = table().lines(NARROW);
        List<String> coloured = table().lines(new Screen(41, true));

        assertThat(coloured.get(2)).contains("\033[32mrunning\033[39m");
        assertThat(coloured.stream().map(line -> line.replaceAll("\033\\[\\d+m", "")))
                .containsExactlyElementsOf(plain);
    }
}
