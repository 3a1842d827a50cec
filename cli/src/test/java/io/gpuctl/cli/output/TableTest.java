package io.gpuctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.output.Table.Column;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void alignsColumnsAndEndsLinesWithoutBlanks() {
        var table = new Table(Column.left("ID"), Column.right("GPUS"), Column.left("NODE"));

        table.row("task_001", "1", "openb-node-0001").row("b", "0.5", "3");

        assertThat(table.lines())
                .containsExactly(
                        "ID        GPUS  NODE", //
                        "task_001     1  openb-node-0001",
                        "b          0.5  3");
    }

    @Test
    void showsAnEmptyCellAsADash() {
        assertThat(new Table(Column.left("A"), Column.left("B")).row("", "x").lines())
                .containsExactly("A  B", "-  x");
    }

    @Test
    void aCellCanNeitherBreakItsLineNorSteerTheTerminal() {
        assertThat(new Table(Column.left("A")).row("one\ntwo\033[31m").lines()).containsExactly("A", "one two [31m");
    }
}
