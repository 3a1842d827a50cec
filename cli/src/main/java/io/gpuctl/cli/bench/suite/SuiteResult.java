package io.gpuctl.cli.bench.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a suite has found so far: the file {@code suite.json}.
 *
 * @param format {@value #FORMAT}
 * @param commit of the source tree that the program was built from; "unknown" without one
 * @param startedAt ISO 8601, UTC
 * @param measurements the figures of each measurement by their names, with a value for each round in which the
 *     measurement succeeded
 * @param failures measurements that failed, as sentences
 */
public record SuiteResult(
        String format,
        String version,
        String commit,
        String startedAt,
        Machine machine,
        Settings settings,
        Map<String, Map<String, List<Double>>> measurements,
        List<String> failures) {

    static final String FORMAT = "gpuctl-bench-suite-1";

    private static final String RESULT = "suite.json";
    private static final String PAGE = "performance.md";

    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** A figure of a measurement. */
    record Name(String measurement, String figure) {
        @Override
        public String toString() {
            return measurement + " " + figure;
        }
    }

    /** Returns a result without measurements, of this machine. */
    public static SuiteResult begin(String version, String commit, String startedAt, Settings settings) {
        return new SuiteResult(
                FORMAT,
                version,
                commit,
                startedAt,
                Machine.current(),
                settings,
                new LinkedHashMap<>(),
                new ArrayList<>());
    }

    /**
     * Joins the rounds of several results, in their order.
     *
     * @param files what each result was read from, for messages
     * @throws CommandFailedException if the results are of different programs, machines or extents
     */
    public static SuiteResult join(List<Path> files, List<SuiteResult> results) {
        if (new LinkedHashSet<>(files).size() < files.size()) {
            throw new CommandFailedException("A file is given twice: its rounds would count twice.");
        }
        SuiteResult first = results.getFirst();
        for (int other = 1; other < results.size(); other++) {
            requireSame(files.getFirst(), first, files.get(other), results.get(other));
        }
        int rounds =
                results.stream().mapToInt(result -> result.settings.rounds()).sum();
        var joined = new SuiteResult(
                FORMAT,
                first.version,
                first.commit,
                first.startedAt,
                first.machine,
                first.settings.withRounds(rounds),
                new LinkedHashMap<>(),
                new ArrayList<>());
        for (int index = 0; index < results.size(); index++) {
            SuiteResult result = results.get(index);
            for (Name name : result.names()) {
                joined.rounds(name).addAll(result.values(name).orElseThrow());
            }
            for (String failure : result.failures) {
                joined.failures.add("%s: %s".formatted(files.get(index), failure));
            }
        }
        return joined;
    }

    private static void requireSame(Path file, SuiteResult result, Path otherFile, SuiteResult other) {
        requireSame("version", file, result.version, otherFile, other.version);
        requireSame("commit", file, result.commit, otherFile, other.commit);
        requireSame("machine", file, result.machine, otherFile, other.machine);
        requireSame("settings", file, result.settings.withRounds(1), otherFile, other.settings.withRounds(1));
    }

    private static void requireSame(String field, Path file, Object value, Path otherFile, Object other) {
        if (!value.equals(other)) {
            throw new CommandFailedException("%s and %s differ in %s, so their rounds cannot be joined: %s and %s."
                    .formatted(file, otherFile, field, value, other));
        }
    }

    /** Adds the figures of one round. */
    void add(String measurement, Map<String, Double> figures) {
        figures.forEach((figure, value) -> rounds(new Name(measurement, figure)).add(value));
    }

    private List<Double> rounds(Name name) {
        return measurements
                .computeIfAbsent(name.measurement(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(name.figure(), _ -> new ArrayList<>());
    }

    /** Returns the values of a figure; empty if it was not measured. */
    Optional<List<Double>> values(Name name) {
        return Optional.ofNullable(
                measurements.getOrDefault(name.measurement(), Map.of()).get(name.figure()));
    }

    /** Returns the names of all figures, in the order of their measurement. */
    List<Name> names() {
        return measurements.entrySet().stream()
                .flatMap(measurement ->
                        measurement.getValue().keySet().stream().map(figure -> new Name(measurement.getKey(), figure)))
                .toList();
    }

    String toJson() {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes {@code suite.json} and {@code performance.md} into a directory, which is created if need be. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        replace(directory.resolve(RESULT), toJson());
        replace(directory.resolve(PAGE), new PerformancePage(this).text());
    }

    /** Replaces the file as a whole, so that a reader never finds half of it. */
    private static void replace(Path file, String text) throws IOException {
        Path part = Files.writeString(file.resolveSibling(file.getFileName() + ".part"), text);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Returns the sentence that says which files are in a directory now. */
    public static String written(Path directory) {
        return "written: %s and %s".formatted(directory.resolve(RESULT), directory.resolve(PAGE));
    }

    /**
     * Reads a file.
     *
     * @throws CommandFailedException if the file cannot be read, or is no result of a suite
     */
    public static SuiteResult read(Path file) {
        try {
            JsonNode document = JSON.readTree(Files.readString(file));
            if (!document.path("format").asText().equals(FORMAT)) {
                throw foreign(file, "its format is not " + FORMAT, null);
            }
            SuiteResult result = JSON.treeToValue(document, SuiteResult.class);
            for (Name name : result.names()) {
                if (result.values(name).orElseThrow().isEmpty()) {
                    throw foreign(file, name + " has no value", null);
                }
            }
            return result;
        } catch (MismatchedInputException e) {
            throw foreign(file, "a field is missing, or has another type", e);
        } catch (JsonProcessingException e) {
            throw foreign(file, e.getOriginalMessage(), e);
        } catch (NoSuchFileException e) {
            throw new CommandFailedException("There is no file %s.".formatted(file), e);
        } catch (IOException e) {
            throw new CommandFailedException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static CommandFailedException foreign(Path file, String why, @Nullable Throwable e) {
        String message = "%s is no suite.json of gpuctl bench suite: %s.".formatted(file, why);
        return e == null ? new CommandFailedException(message) : new CommandFailedException(message, e);
    }
}
