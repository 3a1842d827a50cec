package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.XidCatalogue;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The faults of a node, each fault once, the newest first. */
record NodeFaults(List<Entry> newestFirst) {

    /** The maximum number of earlier faults that are shown; the node's history has more. */
    private static final int EARLIER_SHOWN_MAX = 10;

    /**
     * A fault.
     *
     * @param at when, as the API writes it
     * @param gpu index of the GPU; -1 for a fault of the node
     * @param what for example {@code XID 79}
     * @param detail the meaning of the fault; may be empty
     */
    record Entry(String at, int gpu, String what, String detail) {

        String where() {
            return gpu < 0 ? "node" : "GPU " + gpu;
        }

        String text() {
            return detail.isEmpty() ? what : what + ": " + detail;
        }
    }

    /**
     * Collects the faults from the documents that the API returns for a node. The history may start after the node's
     * last faults, since older versions kept no history.
     *
     * @param events the history of the node
     */
    static NodeFaults of(JsonNode node, List<JsonNode> events) {
        Map<String, Entry> byPlace = new LinkedHashMap<>();
        add(node.path("last_fault"), byPlace);
        node.path("last_xids").forEach(last -> add(last, byPlace));
        events.forEach(event -> add(event, byPlace::putIfAbsent));
        return new NodeFaults(byPlace.values().stream()
                .sorted(Comparator.comparing(Entry::at).reversed())
                .toList());
    }

    private static void add(JsonNode fault, Map<String, Entry> byPlace) {
        if (!fault.isMissingNode()) {
            var entry = entry(fault);
            byPlace.putIfAbsent(entry.at() + entry.where(), entry);
        }
    }

    private static Entry entry(JsonNode fault) {
        String at = fault.path("at").asText();
        int gpu = fault.path("gpu").asInt(-1);
        int xid = fault.path("xid").asInt();
        return xid == 0
                ? new Entry(
                        at,
                        gpu,
                        words(fault.path("kind").asText()),
                        fault.path("detail").asText())
                : new Entry(at, gpu, "XID " + xid, meaning(fault));
    }

    private static String meaning(JsonNode fault) {
        String name = fault.path("name").asText();
        return fault.path("meaning").asText() + (name.isEmpty() ? "" : " (" + name + ")");
    }

    private static String words(String kind) {
        return kind.replace('_', ' ');
    }

    /**
     * Skips events that another fact reports in more detail: a cordon after a fault, a silent node that was lost later.
     */
    private static void add(JsonNode event, BiConsumer<String, Entry> faults) {
        String at = Instant.ofEpochMilli(event.path("at_ms").asLong()).toString();
        JsonNode said = event.path("event");
        Entry entry = switch (said.path("type").asText()) {
            case "node_faulted" -> entry(faulted(at, said));
            case "node_lost" -> new Entry(at, -1, "lost", "no heartbeat");
            case "node_cordoned" ->
                said.path("cause").asText().equals("straggler")
                        ? new Entry(at, -1, "straggler", said.path("detail").asText())
                        : null;
            default -> null;
        };
        if (entry != null) {
            faults.accept(entry.at() + entry.where(), entry);
        }
    }

    /** Returns the event in the form of the API's last fault of a node. */
    private static JsonNode faulted(String at, JsonNode said) {
        ObjectNode fault = said.deepCopy();
        fault.put("at", at);
        int number = said.path("xid").asInt();
        if (number > 0) {
            var xid = XidCatalogue.of(number);
            fault.put("name", xid.mnemonic()).put("meaning", xid.meaning());
        }
        return fault;
    }

    /**
     * {@code XID 79 on GPU 0 at 2026-01-01T00:00:00Z (5m ago): GPU has fallen off the bus}; empty if there was none.
     */
    String last(Ages ages) {
        if (newestFirst.isEmpty()) {
            return "";
        }
        var last = newestFirst.getFirst();
        return "%s%s at %s%s"
                .formatted(
                        last.what(),
                        last.gpu() < 0 ? "" : " on " + last.where(),
                        ages.beside(last.at()),
                        last.detail().isEmpty() ? "" : ": " + last.detail());
    }

    /** Returns all faults but the last one, up to a maximum; no rows if there are none. */
    Table earlier() {
        var table = new Table(Column.left("EARLIER FAULTS"), Column.left("WHERE"), Column.text("FAULT"));
        newestFirst.stream()
                .skip(1)
                .limit(EARLIER_SHOWN_MAX)
                .forEach(fault -> table.row(fault.at(), fault.where(), fault.text()));
        return table;
    }

    boolean hasEarlier() {
        return newestFirst.size() > 1;
    }
}
