package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gpuctl.cli.output.Table;
import java.util.List;

/**
 * What a {@code get} shows: entries, each a row of a table or a document.
 *
 * @param kind of the entries, as the field of a document that holds them all; empty for one entry, which stands for itself
 * @param entries in the order of the rows
 * @param table a row for each entry
 */
record View(String kind, List<JsonNode> entries, Table table) {

    /** All of it as one document. */
    JsonNode document() {
        if (kind.isEmpty()) {
            return entries.getFirst();
        }
        var document = JsonNodeFactory.instance.objectNode();
        document.putArray(kind).addAll(entries);
        return document;
    }
}
