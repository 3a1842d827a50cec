package io.gpuctl.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gpuctl.cli.output.Table.Column;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(new Table(Column.left("A")).row("one\ntwo\033[31m").lines())
                .containsExactly("A", "one two\\u001b[31m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\033[2J", "\u009b2J", "\u007f", "\u202ehidden", "\u2066x", "\ud83d", "\r\033]0;title\007"})
    void nothingThatOthersWroteSteersTheTerminal(String text) throws Exception {
        var fields = new StringWriter();
        new Fields().add("User", "a" + text).print(new PrintWriter(fields, true));
        var document = JsonNodeFactory.instance.objectNode().put("user", "a" + text);
        String json = OutputFormat.JSON.write(document);
        String yaml = OutputFormat.YAML.write(document);

        for (String printed :
                List.of(new Table(Column.left("A")).row("a" + text).toString(), fields.toString(), json, yaml)) {
            assertThat(printed).matches("[\\x20-\\x7e\\n]*");
        }
        assertThat(new ObjectMapper().readTree(json)).isEqualTo(document);
        if (!Character.isSurrogate(text.charAt(0))) { // YAML cannot express surrogates.
            assertThat(new YAMLMapper().readTree(yaml)).isEqualTo(document);
        }
    }

    @Test
    void textOfAnyLanguageIsShownAsItIs() {
        assertThat(new Table(Column.left("A")).row("Zoë 李 😀").lines()).containsExactly("A", "Zoë 李 😀");
    }
}
