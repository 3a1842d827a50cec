package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadFileTest {

    private static final String PHILLY =
            "timestamp,duration,num_gpus,gpu_time,cluster\n2017-10-09 07:01:55,66.0,1,66.0,a\n";

    @TempDir
    private Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(directory.resolve(name), content);
    }

    private static byte[] compressed(String content) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** 13 MB of gzip may be a line of 3 GB. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"at_ms\":0,\"task\":{\"task_id\":\"",
                "timestamp,duration,num_gpus,gpu_time,cluster\n2017-10-09 07:01:55,66.0,1,66.0,",
                "timestamp,duration,num_gpus,gpu_time,cluster\n\"",
                "; Version: ",
                "1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1\n1 0 "
            })
    void doesNotReadALineWithoutEnd(String begin) throws IOException {
        Path file = file("bomb.gz", compressed(begin + "1".repeat(3 << 20)));

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line %d: the line has more than 1,048,576 characters"
                        .formatted(file, begin.contains("\n") ? 2 : 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u001b[2J", "a\u0000", "a\u009b"})
    void refusesAUserThatSteersATerminal(String user) throws IOException {
        Path file = file("philly.csv", PHILLY.replace(",a\n", "," + user + "b\n"));

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith(file + ", line 2: cluster is a\\u00")
                .hasMessageEndingWith("but must be text without control characters and unpaired surrogates");
    }

    private static Stream<Arguments> oneOfEachFormat() {
        return Stream.of(
                Arguments.of(
                        TraceFormat.GPUCTL,
                        "{\"at_ms\":0,\"task\":{\"task_id\":\"a\",\"gpus\":{\"count\":0},\"work\":{\"duration_ms\":1}}}\n"),
                Arguments.of(TraceFormat.OPENB, "name,cpu_milli,memory_mib,num_gpu,gpu_milli\na,1,1,1,1000\n"),
                Arguments.of(TraceFormat.PHILLY, PHILLY),
                Arguments.of(
                        TraceFormat.MURI,
                        String.join(",", MuriTrace.COLUMNS) + "\n0,1,0,10,dqn,128,2000,1000,200,446,8,0.5,1\n"),
                Arguments.of(TraceFormat.SWF, "; Version: 2.2\n1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1\n"),
                Arguments.of(TraceFormat.SWF, "  1 0 -1 10 4 -1 -1 -1 -1 -1 -1 1 1 -1 -1 -1 -1 -1\n"));
    }

    @ParameterizedTest
    @MethodSource("oneOfEachFormat")
    void tellsTheFormatFromTheFirstLine(TraceFormat format, String content) throws Exception {
        var workload = WorkloadFile.read(file("workload", "\n" + content));

        assertThat(workload.format()).isEqualTo(format);
        assertThat(workload.name()).isEqualTo("workload");
        assertThat(workload.arrivals()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("oneOfEachFormat")
    void tellsCompressionFromTheFirstBytes(TraceFormat format, String content) throws Exception {
        var workload = WorkloadFile.read(file("no-such-ending", compressed(content)));

        assertThat(workload.format()).isEqualTo(format);
        assertThat(workload).usingRecursiveComparison().isEqualTo(WorkloadFile.read(file("no-such-ending", content)));
    }

    @Test
    void readsPlainTextWhoseNameLooksCompressed() throws Exception {
        var workload = WorkloadFile.read(file("philly.csv.gz", PHILLY));

        assertThat(workload.arrivals()).hasSize(1);
        assertThat(workload.name()).isEqualTo("philly.csv");
    }

    @Test
    void passesOverAByteOrderMarkAndCarriageReturns() throws Exception {
        assertThat(WorkloadFile.read(file("w", "\uFEFF" + PHILLY.replace("\n", "\r\n")))
                        .arrivals())
                .hasSize(1);
    }

    @Test
    void readsInTheFormatThatIsGiven() throws Exception {
        Path file = file("w", PHILLY);

        assertThatThrownBy(() -> WorkloadFile.read(file, TraceFormat.SWF))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 1: has 1 fields, but must have 18, separated by blanks", file);
    }

    @Test
    void namesTheFormatsThatItKnows() throws IOException {
        Path file = file("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model\na,1,1,1,T4\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith("%s, line 1: 'sn,cpu_milli,memory_mib,gpu,model' begins no format", file)
                .hasMessageContainingAll(Arrays.stream(TraceFormat.values())
                        .map(TraceFormat::toString)
                        .toArray(String[]::new));
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        byte[] whole = compressed(PHILLY.repeat(100));

        assertProblem(file("empty", ""), "is empty");
        assertProblem(file("blank", "\n \n"), "is empty");
        assertProblem(directory.resolve("none"), "there is no such file");
        assertProblem(file("latin", new byte[] {'{', (byte) 0xe9, '\n'}), "is not UTF-8 text");
        assertProblem(file("half", Arrays.copyOf(whole, whole.length - 20)), "its gzip data is damaged or not whole");
    }

    private static void assertProblem(Path file, String problem) {
        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith("%s: %s".formatted(file, problem));
    }

    @ParameterizedTest
    @MethodSource("oneOfEachFormat")
    void refusesAFileWithoutTasks(TraceFormat format, String content) throws IOException {
        String header = format == TraceFormat.GPUCTL
                ? "{\"format\":\"gpuctl-workload\",\"version\":1}\n"
                : content.lines().findFirst().orElseThrow() + "\n";
        Path file = file("w", header.startsWith("  1 ") ? "; Version: 2.2\n" : header);

        assertProblem(file, "has no tasks");
    }
}
