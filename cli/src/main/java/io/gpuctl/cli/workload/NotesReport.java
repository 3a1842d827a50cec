package io.gpuctl.cli.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.units.Counted;
import io.gpuctl.experiments.trace.ReadingNotes;
import java.util.ArrayList;
import java.util.List;

/** Reports which contents of a workload file the run leaves out, for people and for programs. */
public record NotesReport(ReadingNotes notes) {

    /** Returns the text without a line end; empty if there is nothing to report. */
    public String toText() {
        List<String> lines = new ArrayList<>();
        if (!notes.fieldsWithoutCounterpart().isEmpty()) {
            var table = new Table(Column.left("FIELD WITHOUT COUNTERPART"), Column.right("ROWS"), Column.left("WHY"));
            notes.fieldsWithoutCounterpart()
                    .forEach(field -> table.row(field.field(), Long.toString(field.rows()), field.reason()));
            lines.addAll(table.lines());
        }
        notes.rowsLeftOut()
                .forEach(rows ->
                        lines.add("left out: %s, %s".formatted(Counted.of(rows.rows(), "row"), rows.reason())));
        notes.badRows().forEach(problem -> lines.add("          " + problem));
        notes.assumptions().forEach(assumption -> lines.add("assumed:  " + assumption));
        return Printable.lines(String.join("\n", lines));
    }

    /** Returns the fields of {@link ReadingNotes}, in snake_case. */
    public ObjectNode toJson() {
        return EventJson.mapper().valueToTree(notes);
    }
}
