package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gpuctl.cli.client.OutputOption.Form;
import io.gpuctl.cli.output.Page;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.cli.output.Screen;
import java.util.List;

/**
 * What a {@code get} shows: entries, each a row of a table or a document.
 *
 * @param kind of the entries, as the field of a document that holds them all; empty for one entry, which stands for itself
 * @param idField the field of an entry with its name
 * @param entries in the order of the rows
 * @param page for people; of a table, with a row for each entry
 */
record View(String kind, String idField, List<JsonNode> entries, Page page) {

    /** All of it as one document. */
    JsonNode document() {
        if (kind.isEmpty()) {
            return entries.getFirst();
        }
        var document = JsonNodeFactory.instance.objectNode();
        document.putArray(kind).addAll(entries);
        return document;
    }

    /** In that form, as wide as the screen. */
    List<String> lines(Form form, Screen screen) {
        return switch (form) {
            case TABLE -> page.lines(screen);
            case WIDE -> page.lines(screen.unbounded());
            case NAME -> names();
            case JSON, YAML -> form.write(document()).lines().toList();
        };
    }

    /** The entries' names, a line each. */
    List<String> names() {
        return entries.stream()
                .map(entry -> Printable.line(entry.path(idField).asText()))
                .toList();
    }
}
