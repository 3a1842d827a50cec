package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Detects the format of a workload file from its beginning. Describes the content if the format is unknown. */
final class FormatDetection {

    private static final List<String> GPUCTL_FIELDS = List.of("at_ms", "task", "format");

    /** The most specific format comes first, because some formats have all columns of another. */
    private static final List<CsvFormat> CSV_FORMATS = List.of(
            new CsvFormat(TraceFormat.MURI, MuriTrace.COLUMNS),
            new CsvFormat(TraceFormat.TIRESIAS, TiresiasTrace.COLUMNS),
            new CsvFormat(TraceFormat.HELIOS, HeliosTrace.COLUMNS),
            new CsvFormat(TraceFormat.PHILLY, PhillyTrace.COLUMNS),
            new CsvFormat(TraceFormat.OPENB, OpenbPods.REQUESTS));

    private final Path file;
    private final String begin;
    private final boolean isWhole;

    private record CsvFormat(TraceFormat format, List<String> columns) {}

    private FormatDetection(Path file, String begin) {
        this.file = file;
        this.begin = begin;
        this.isWhole = begin.length() < TraceText.BEGIN_MAX;
    }

    /** Returns the format; fails if it is unknown. Does not move the text's position. */
    static TraceFormat of(TraceText text) throws IOException, WorkloadFormatException {
        return new FormatDetection(text.file(), text.begin()).format();
    }

    private TraceFormat format() throws IOException, WorkloadFormatException {
        List<String> lines = begin.lines().toList();
        int first = 0;
        while (first < lines.size() && lines.get(first).isBlank()) {
            first++;
        }
        if (first == lines.size()) {
            throw new WorkloadFormatException(file, "is empty");
        }
        String line = lines.get(first).strip();
        if (line.startsWith("{") || line.startsWith("[")) {
            return json();
        }
        if (line.startsWith(";") || SwfColumns.isJob(line) || SwfColumns.isHeader(line)) {
            return TraceFormat.SWF;
        }
        List<String> columns = Arrays.stream(line.replace("\"", "").split(","))
                .map(String::strip)
                .toList();
        for (CsvFormat csv : CSV_FORMATS) {
            if (columns.containsAll(csv.columns)) {
                return csv.format;
            }
        }
        throw unknown(first + 1, "'%s' matches no supported format".formatted(shortened(line)));
    }

    private TraceFormat json() throws IOException, WorkloadFormatException {
        List<String> fields = new ArrayList<>();
        try (JsonParser parser = EventJson.mapper().getFactory().createParser(begin)) {
            fieldsOfFirstObject(parser, fields);
        } catch (JsonProcessingException e) {
            boolean isCutOff = !isWhole && e instanceof JsonEOFException;
            if (!isCutOff && !isKnown(fields)) {
                throw new WorkloadFormatException(
                        file,
                        e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                        "is not JSON, " + UntrustedJson.problemWithColumn(e));
            }
        }
        if (!Collections.disjoint(fields, GPUCTL_FIELDS)) {
            return TraceFormat.GPUCTL;
        }
        if (!Collections.disjoint(fields, PhillyJson.FIELDS)) {
            return TraceFormat.PHILLY_JSON;
        }
        if (!Collections.disjoint(fields, BatsimJobs.FIELDS)) {
            return TraceFormat.BATSIM;
        }
        throw unknown(
                1,
                fields.isEmpty()
                        ? "is JSON, but matches no supported format"
                        : "is JSON, but matches no supported format: its first object has the fields "
                                + shortened(String.join(", ", fields)));
    }

    private static boolean isKnown(List<String> fields) {
        return !Collections.disjoint(fields, GPUCTL_FIELDS)
                || !Collections.disjoint(fields, PhillyJson.FIELDS)
                || !Collections.disjoint(fields, BatsimJobs.FIELDS);
    }

    /** Adds the field names to the list. If the parser fails, the list keeps the names read until then. */
    private static void fieldsOfFirstObject(JsonParser parser, List<String> fields) throws IOException {
        JsonToken token = parser.nextToken();
        while (token == JsonToken.START_ARRAY) {
            token = parser.nextToken();
        }
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                fields.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
        }
    }

    private WorkloadFormatException unknown(int line, String problem) {
        String known = Arrays.stream(TraceFormat.values())
                .map(format -> "  %-11s %s".formatted(format, format.looks()))
                .collect(Collectors.joining("\n"));
        return new WorkloadFormatException(file, line, problem + ". Supported formats:\n" + known);
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
