package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gpuctl.cli.client.OutputOption.Form;
import io.gpuctl.cli.output.Page;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Screen;
import java.util.List;

/**
 * The entries that a {@code get} shows, each as a row of a table or as a document.
 *
 * @param kind the field of a document that holds all entries; empty for a single entry, which is its own document
 * @param idField the field of an entry with its name
 * @param entries in the order of the rows
 * @param page for people; a table has one row for each entry
 */
record View(String kind, String idField, List<JsonNode> entries, Page page) {

    /** Returns all entries as one document. */
    JsonNode document() {
        if (kind.isEmpty()) {
            return entries.getFirst();
        }
        var document = JsonNodeFactory.instance.objectNode();
        document.putArray(kind).addAll(entries);
        return document;
    }

    /** Returns the lines of the view in this form, cut to the width of the screen. */
    List<String> lines(Form form, Screen screen) {
        return switch (form) {
            case TABLE -> page.lines(screen);
            case WIDE -> page.lines(screen.unbounded());
            case NAME -> names();
            case JSON, YAML -> form.write(document()).lines().toList();
        };
    }

    /** Returns the names of the entries, one per line. */
    List<String> names() {
        return entries.stream()
                .map(entry -> Printable.line(entry.path(idField).asText()))
                .toList();
    }
}
