package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A rendered document. Tests may change its tree to plant mistakes. */
record Resource(ObjectNode tree) {

    String apiVersion() {
        return text("apiVersion");
    }

    String kind() {
        return text("kind");
    }

    String name() {
        return text("metadata.name");
    }

    boolean is(String kind) {
        return kind().equals(kind);
    }

    /** Returns the node at a path such as {@code spec.template}; a missing node if there is none. */
    JsonNode at(String path) {
        return at(tree, path);
    }

    static JsonNode at(JsonNode tree, String path) {
        JsonNode found = tree;
        for (String field : path.split("\\.", -1)) {
            found = found.path(field);
        }
        return found;
    }

    String text(String path) {
        return at(path).asText();
    }

    /** Returns strings by name, such as labels; empty if there are none. */
    static Map<String, String> strings(JsonNode object) {
        var strings = new TreeMap<String, String>();
        object.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
        return strings;
    }

    static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
