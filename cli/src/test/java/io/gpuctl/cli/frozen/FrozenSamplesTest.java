package io.gpuctl.cli.frozen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.events.ReaderVersion;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.telemetry.runtime.ViewStores;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This build reads what builds of all earlier reader versions have stored. {@code frozen/state-N.jsonl} has a value of
 * each kind that orchestrators and views of version N store. The records of topics are in the golden files of
 * {@code events}, which {@code GoldenFilesTest} reads. {@code frozen/N.sha256} lists the checksums of all these files:
 * a listed file never changes.
 *
 * <p>{@code -Dfrozen.write=true} writes missing files of the newest version, and never overwrites a file.
 */
class FrozenSamplesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path FROZEN = ROOT.resolve("cli/src/test/resources/frozen");
    private static final Path GOLDEN = ROOT.resolve("events/src/test/resources/golden");
    private static final int NEWEST = ReaderVersion.ofThisProgram().number();

    /** Fields without a sample: the first version does not write the reader version. */
    private static final Set<String> UNWRITTEN =
            NEWEST == 1 ? Set.of("PoolHeader.reader_version", "PoolView.reader_version") : Set.of();

    @BeforeAll
    static void writeWhatIsMissing() throws IOException {
        if (Boolean.getBoolean("frozen.write")) {
            Files.createDirectories(FROZEN);
            if (Files.notExists(state(NEWEST))) {
                Files.writeString(state(NEWEST), newState());
            }
            Map<String, String> sums = new TreeMap<>();
            for (int version = 1; version <= NEWEST; version++) {
                sums.putAll(checksums(version));
            }
            Map<String, String> added = checksums(NEWEST);
            for (Path file : files()) {
                if (!sums.containsKey(name(file))) {
                    added.put(name(file), sha256(file));
                }
            }
            StringBuilder list = new StringBuilder();
            added.forEach(
                    (name, sum) -> list.append(sum).append("  ").append(name).append('\n'));
            Files.writeString(list(NEWEST), list);
        }
    }

    /** Returns the files to list. They include the list of each older version, so that it cannot change either. */
    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> golden = Files.list(GOLDEN)) {
            golden.forEach(files::add);
        }
        for (int version = 1; version <= NEWEST; version++) {
            files.add(state(version));
            if (version < NEWEST) {
                files.add(list(version));
            }
        }
        return files;
    }

    private static String newState() throws IOException {
        SampleValues samples = new SampleValues(GOLDEN);
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Class<?>> kind : StoredKinds.TYPES.entrySet()) {
            ObjectNode line = EventJson.mapper().createObjectNode();
            line.put("kind", kind.getKey());
            line.set("value", EventJson.mapper().valueToTree(samples.of(kind.getValue())));
            lines.append(line).append('\n');
        }
        return lines.toString();
    }

    private static Path state(int version) {
        return FROZEN.resolve("state-%d.jsonl".formatted(version));
    }

    private static Path list(int version) {
        return FROZEN.resolve("%d.sha256".formatted(version));
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new LinkageError("Every Java has SHA-256", e);
        }
    }

    /**
     * Returns the checksums by file, in the format of {@code sha256sum}. Run {@code sha256sum -c} in the folder above
     * the modules to check them.
     */
    private static Map<String, String> checksums(int version) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        if (Files.exists(list(version))) {
            for (String line : Files.readAllLines(list(version))) {
                String[] parts = line.split("  ", 2);
                sums.put(parts[1], parts[0]);
            }
        }
        return sums;
    }

    static IntStream versions() {
        return IntStream.rangeClosed(1, NEWEST);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void noFileOfAVersionHasChanged(int version) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String name : checksums(version).keySet()) {
            Path file = ROOT.resolve(name);
            found.put(name, Files.exists(file) ? sha256(file) : "the file is gone");
        }

        assertThat(found).isNotEmpty().isEqualTo(checksums(version));
    }

    @Test
    void everySampleIsFrozen() throws IOException {
        Set<String> frozen = new TreeSet<>();
        for (int version = 1; version <= NEWEST; version++) {
            frozen.addAll(checksums(version).keySet());
        }

        assertThat(files())
                .extracting(FrozenSamplesTest::name)
                .as(
                        "in a list of checksums; -Dfrozen.write=true adds what is new. A new type of fact needs a new reader"
                                + " version, if a build of this version is released")
                .allMatch(frozen::contains);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void readsWhatWasStored(int version) throws IOException {
        for (JsonNode line : lines(version)) {
            Class<?> type = StoredKinds.TYPES.get(line.get("kind").textValue());
            assertThat(type)
                    .as("the type of %s, version %d", line.get("kind"), version)
                    .isNotNull();
            byte[] stored = line.get("value").toString().getBytes(StandardCharsets.UTF_8);

            Object read = EventJson.mapper().readValue(stored, type);
            byte[] writtenAgain = EventJson.mapper().writeValueAsBytes(read);

            assertThat(EventJson.mapper().readValue(writtenAgain, type)).isEqualTo(read);
            if (version == NEWEST) {
                assertThat(writtenAgain)
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(line.get("value").toString());
            }
        }
    }

    @Test
    void everyKindHasASample() throws Exception {
        Set<String> stores = new TreeSet<>();
        for (var field : ViewStores.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == String.class) {
                stores.add((String) field.get(null));
            }
        }
        stores.removeAll(StoredKinds.OTHER_STORES);

        assertThat(stores).isNotEmpty().allMatch(StoredKinds::isStoreOfViews);
        assertThat(lines(NEWEST))
                .extracting(line -> line.get("kind").textValue())
                .containsExactlyElementsOf(StoredKinds.TYPES.keySet());
    }

    /** A new field needs a sample in the next version, or in this version as long as it is not released. */
    @Test
    void everyFieldIsInASample() throws IOException {
        Set<String> fields = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        for (JsonNode line : lines(NEWEST)) {
            collect(StoredKinds.TYPES.get(line.get("kind").textValue()), line.get("value"), fields, found);
        }
        fields.removeAll(UNWRITTEN);

        assertThat(found).containsAll(fields);
    }

    /** Collects the fields of gpuctl's own records, except events, which are in the golden files. */
    private static void collect(Class<?> type, JsonNode json, Set<String> fields, Set<String> found) {
        if (!type.isRecord() || type.getPackageName().equals("io.gpuctl.events")) {
            return;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            String field = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            fields.add(type.getSimpleName() + "." + field);
            JsonNode value = json.path(field);
            if (value.isMissingNode()) {
                continue;
            }
            found.add(type.getSimpleName() + "." + field);
            if (value.isArray() && component.getGenericType() instanceof java.lang.reflect.ParameterizedType list) {
                if (list.getActualTypeArguments()[0] instanceof Class<?> element) {
                    assertThat(value).as(type + "." + field).isNotEmpty();
                    collect(element, value.get(0), fields, found);
                }
            } else if (value.isObject()) {
                collect(component.getType(), value, fields, found);
            }
        }
    }

    private static List<JsonNode> lines(int version) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(state(version))) {
            lines.add(EventJson.mapper().readTree(line));
        }
        return lines;
    }
}
