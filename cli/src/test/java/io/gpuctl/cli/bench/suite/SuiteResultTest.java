package io.gpuctl.cli.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteResultTest {
    @TempDir
    private Path directory;

    private static SuiteResult result() {
        return SuiteResult.begin("1.2.3", "abc1234", "2026-01-02T03:04:05Z", new Settings(30, 2, 7, false));
    }

    private Path written(String text) throws IOException {
        return Files.writeString(directory.resolve("suite.json"), text);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        var result = result();
        result.add("ready", Map.of("ready_s", 4.5));
        result.add("ready", Map.of("ready_s", 5.5));
        result.failures().add("reads failed");

        assertThat(SuiteResult.read(written(result.toJson()))).isEqualTo(result);
    }

    @Test
    void keepsTheFiguresInTheirOrderWithAValueForEachRound() {
        var result = result();
        result.add("ready", Map.of("ready_s", 4.5));
        result.add("hop", Map.of("p50_ms", 20.0));
        result.add("ready", Map.of("ready_s", 5.5));

        assertThat(result.names())
                .extracting(SuiteResult.Name::toString)
                .containsExactly("ready ready_s", "hop p50_ms");
        assertThat(result.values(new SuiteResult.Name("ready", "ready_s"))).contains(List.of(4.5, 5.5));
        assertThat(result.values(new SuiteResult.Name("ready", "p50_ms"))).isEmpty();
    }

    @Test
    void saysInTheFileWhatWasMeasuredWhere() throws IOException {
        assertThat(result().toJson())
                .contains("\"format\" : \"gpuctl-bench-suite-1\"", "\"commit\" : \"abc1234\"")
                .contains("\"started_at\" : \"2026-01-02T03:04:05Z\"", "\"nodes\" : 30", "\"memory_mib\" : ")
                .contains("\"is_quick\" : false");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"format":"other-1"}                | its format is not gpuctl-bench-suite-1
                    []                                  | its format is not gpuctl-bench-suite-1
                    seconds: 5                          | Unrecognized token
                    {"format":"gpuctl-bench-suite-1"}   | a field is missing, or has another type
                    """)
    void refusesForeignFiles(String text, String why) throws IOException {
        Path file = written(text);

        assertThatThrownBy(() -> SuiteResult.read(file))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(file + " is no suite.json of gpuctl bench suite: " + why);
    }

    @Test
    void refusesAFigureWithoutAValue() throws IOException {
        var result = result();
        result.add("ready", Map.of("ready_s", 4.5));
        Path file = written(result.toJson().replace("[ 4.5 ]", "[ ]"));

        assertThatThrownBy(() -> SuiteResult.read(file)).hasMessageContaining("ready ready_s has no value");
    }

    @Test
    void saysThatThereIsNoFile() {
        Path file = directory.resolve("absent.json");

        assertThatThrownBy(() -> SuiteResult.read(file)).hasMessage("There is no file %s.", file);
    }

    @Test
    void saysThatAFileCannotBeRead() {
        assertThatThrownBy(() -> SuiteResult.read(directory))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(directory + " cannot be read: ");
    }
}
