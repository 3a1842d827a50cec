package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.output.NaturalOrder;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The order in which entries are shown: a mixin. */
final class SortOption {

    private static final String DESCENDING = "-";

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli injects it.
    private CommandSpec mixee;

    @Option(
            names = "--sort-by",
            paramLabel = "FIELD",
            description =
                    "Sort by a field with its name in -o json, for example gpus or cordon.since; --sort-by=-FIELD for"
                            + " the largest first. Entries without the field come last.")
    private @Nullable String by;

    boolean isGiven() {
        return by != null;
    }

    /** Returns the entries in the chosen order; unchanged if no order is given. */
    List<JsonNode> sort(List<JsonNode> entries) {
        if (by == null || entries.isEmpty()) {
            return entries;
        }
        boolean isDescending = by.startsWith(DESCENDING);
        String field = isDescending ? by.substring(DESCENDING.length()) : by;
        String pointer = "/" + field.replace('.', '/');
        if (entries.stream().allMatch(entry -> entry.at(pointer).isMissingNode())) {
            var known = new TreeSet<String>();
            entries.forEach(entry -> entry.fieldNames().forEachRemaining(known::add));
            throw new ParameterException(
                    mixee.commandLine(),
                    "--sort-by is '%s', but none of the entries has that field; they have the fields %s"
                            .formatted(field, String.join(", ", known)));
        }
        Comparator<JsonNode> ascending = SortOption::compare;
        return entries.stream()
                .sorted(Comparator.comparing(
                                (JsonNode entry) -> entry.at(pointer).isMissingNode())
                        .thenComparing(entry -> entry.at(pointer), isDescending ? ascending.reversed() : ascending))
                .toList();
    }

    private static int compare(JsonNode a, JsonNode b) {
        return a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : NaturalOrder.COMPARATOR.compare(a.asText(), b.asText());
    }
}
