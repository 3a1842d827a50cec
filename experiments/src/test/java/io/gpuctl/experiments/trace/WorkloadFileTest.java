package io.gpuctl.experiments.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.GpuRequest;
import io.gpuctl.experiments.trace.ReadingNotes.RowsLeftOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadFileTest {

    private static final String PHILLY =
            "timestamp,duration,num_gpus,gpu_time,cluster\n2017-10-09 07:01:55,66.0,1,66.0,a\n";

    private static final String SWF_WORDS =
            "id submit wait runtime cpus cputime mem cpusreq walltime memreq status user group app queue part prec think dag\n";

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
                Arguments.of(
                        TraceFormat.PHILLY_JSON,
                        "[{\"jobid\":\"a\",\"submitted_time\":\"2017-10-06 14:39:00\",\"attempts\":[{\"start_time\":"
                                + "\"2017-10-06 14:40:00\",\"end_time\":\"2017-10-06 14:41:00\",\"detail\":[]}]}]"),
                Arguments.of(
                        TraceFormat.HELIOS,
                        String.join(",", HeliosTrace.COLUMNS) + "\n1,u,1,4,COMPLETED,2020-06-09 18:41:01,60\n"),
                Arguments.of(
                        TraceFormat.TIRESIAS, String.join(",", TiresiasTrace.COLUMNS) + "\n0,1,5,600,net,160,30\n"),
                Arguments.of(
                        TraceFormat.BATSIM,
                        "{\"jobs\":[{\"id\":1,\"subtime\":0,\"res\":1,\"profile\":\"p\"}],\"profiles\":{\"p\":{\"type\":\"delay\",\"delay\":1}}}"),
                Arguments.of(TraceFormat.SWF, SWF_WORDS + "1 0 0 60 2 -1 -1 2 60 -1 1 1 1 1 1 1 -1 0 D-1\n"),
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

        assertThatThrownBy(() -> WorkloadFile.read(file, new WorkloadFile.Options(TraceFormat.SWF, false)))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessage("%s, line 1: has 1 fields, but must have 18, separated by blanks", file);
    }

    @Test
    void namesTheFormatsThatItKnows() throws IOException {
        Path file = file("nodes.csv", "sn,cpu_milli,memory_mib,gpu,model\na,1,1,1,T4\n");

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith(
                        "%s, line 1: 'sn,cpu_milli,memory_mib,gpu,model' matches no supported format", file)
                .hasMessageContainingAll(Arrays.stream(TraceFormat.values())
                        .map(TraceFormat::toString)
                        .toArray(String[]::new));
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        byte[] whole = compressed(PHILLY.repeat(100));

        assertProblem(file("empty", ""), "is empty");
        assertProblem(file("blank", "\n \n"), "is empty");
        assertProblem(directory.resolve("none"), "the file does not exist");
        assertProblem(file("latin", new byte[] {'{', (byte) 0xe9, '\n'}), "is not UTF-8 text");
        assertProblem(file("half", Arrays.copyOf(whole, whole.length - 20)), "its gzip data is damaged or truncated");
    }

    private static void assertProblem(Path file, String problem) {
        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith("%s: %s".formatted(file, problem));
    }

    @ParameterizedTest
    @MethodSource("oneOfEachFormat")
    void refusesAFileWithoutTasks(TraceFormat format, String content) throws IOException {
        String header = switch (format) {
            case GPUCTL -> "{\"format\":\"gpuctl-workload\",\"version\":1}\n";
            case PHILLY_JSON -> "[{\"jobid\":\"a\",\"submitted_time\":\"2017-10-06 14:39:00\",\"attempts\":[]}]";
            case BATSIM -> "{\"jobs\":[]}";
            default -> content.lines().findFirst().orElseThrow() + "\n";
        };
        Path file = file("w", header.startsWith("  1 ") ? "; Version: 2.2\n" : header);

        assertProblem(file, "has no tasks");
    }

    /** The beginning of each document tells its format, even if the beginning ends in the middle of a job. */
    @Test
    void readsAJsonDocumentThatIsOneLongLine() throws Exception {
        String jobs = IntStream.range(0, 40_000)
                .mapToObj(i -> "{\"id\":\"%d\",\"subtime\":%d.5,\"res\":2.0,\"profile\":\"p\",\"walltime\":1e3}"
                        .formatted(i, i))
                .collect(Collectors.joining(","));

        var workload = WorkloadFile.read(file(
                "w.json",
                "{\"nb_res\":4,\"jobs\":[" + jobs + "],\"profiles\":{\"p\":{\"type\":\"delay\",\"delay\":0.1}}}"));

        assertThat(workload.arrivals()).hasSize(40_000);
        assertThat(workload.arrivals().getLast().atMs()).isEqualTo(39_999_500);
    }

    @Test
    void doesNotReadAJobWithoutEnd() throws IOException {
        Path file = file("w.gz", compressed("[{\"jobid\":\"a\",\"attempts\":[" + "{\"x\":1},".repeat(1 << 20)));

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith(file + ", line 1: is not JSON, column ")
                .hasMessageEndingWith("something in it is too large");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1|line 1: is not JSON, column 7: it ends too early: an object, an array or a text is not closed",
                "{|line 1: is not JSON, column 2: it ends too early",
                "{'jobs':[{'id':1]}|line 1: is not JSON, column 17: ",
                "{'a':1,'b':2}|line 1: is JSON, but matches no supported format: its first object has the fields a, b",
                "[1,2]|line 1: is JSON, but matches no supported format. Supported formats:",
            })
    void saysWhatJsonItCannotRead(String content, String problem) throws IOException {
        Path file = file("w.json", content.replace('\'', '"'));

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith("%s, %s", file, problem)
                .hasMessageNotContaining("Source");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timestamp,duration,num_gpus,gpu_time,cluster\n2017-10-09 07:01:55,66.0,1,66.0,\n",
                "timestamp,duration,num_gpus,gpu_time,cluster\n2017-10-09 07:01:55,66.0,1,66.0,\" \"\n",
                "job_id,user,gpu_num,cpu_num,state,submit_time,duration\n1,,1,4,COMPLETED,2020-06-09 18:41:01,60\n",
                "[{\"jobid\":\"a\",\"user\":null,\"submitted_time\":\"2017-10-06 14:39:00\",\"attempts\":[{\"start_time\":"
                        + "\"2017-10-06 14:40:00\",\"end_time\":\"2017-10-06 14:41:00\"}]}]",
                "{\"at_ms\":0,\"task\":{\"task_id\":\"a\",\"user\":\" \",\"gpus\":{\"count\":0},\"work\":{\"duration_ms\":1}}}"
            })
    void aBlankUserIsAnonymous(String content) throws Exception {
        var workload = WorkloadFile.read(file("w", content));

        assertThat(workload.arrivals())
                .allMatch(arrival -> arrival.task().user().equals("anonymous"));
        assertThat(workload.notes().assumptions())
                .last()
                .isEqualTo("1 tasks have a blank user: they count as tasks of the user anonymous");
    }

    private static Stream<Arguments> oneWholeNumberInAnyForm() {
        return Stream.of(
                Arguments.of(PHILLY.replace(",1,", ",4.0,")),
                Arguments.of("name,cpu_milli,memory_mib,num_gpu,gpu_milli\na,6.4e+04,1.0,4.0,1e3\n"),
                Arguments.of("1.0 0.0 5.0 1e+02 4.0 -1.0 -1.0 4.0 200.0 -1.00 1.0 1.0 1.0 -1.0 1.0 -1.0 -1.0 -1.0\n"),
                Arguments.of("{\"at_ms\":1e3,\"task\":{\"task_id\":\"a\",\"gpus\":{\"count\":4.0,\"milli\":1000.0},"
                        + "\"work\":{\"duration_ms\":1e+05}}}"));
    }

    @ParameterizedTest
    @MethodSource("oneWholeNumberInAnyForm")
    void takesAWholeNumberInAnyForm(String content) throws Exception {
        var workload = WorkloadFile.read(file("w", content));

        assertThat(workload.arrivals())
                .singleElement()
                .satisfies(arrival -> assertThat(arrival.task().gpus()).isEqualTo(GpuRequest.whole(4, 0)));
    }

    @Test
    void skipsBadRowsIfItIsTo() throws Exception {
        String bad = "2017-10-09 07:01:55,66.0,one,66.0,a\n".repeat(12);
        Path file = file("w", PHILLY + bad + "2017-10-09 07:01:56,1\n2017-10-09 07:01:57,60,2,1,b\n");

        var workload = WorkloadFile.read(file, new WorkloadFile.Options(null, true));

        assertThat(workload.arrivals())
                .extracting(arrival -> arrival.task().taskId().value())
                .containsExactly("philly-00001", "philly-00015");
        assertThat(workload.notes().rowsLeftOut()).containsExactly(new RowsLeftOut(13, "they cannot be read"));
        assertThat(workload.notes().badRows())
                .hasSize(10)
                .startsWith("line 3: num_gpus is 'one', but must be a whole number of at most 6 digits");
    }

    private static Stream<Arguments> oneBadRowOfEachFormat() {
        return oneOfEachFormat()
                .map(Arguments::get)
                .flatMap(given -> badRow((TraceFormat) given[0], (String) given[1]));
    }

    private static Stream<Arguments> badRow(TraceFormat format, String content) {
        return switch (format) {
            case GPUCTL -> Stream.of(Arguments.of(content + "{\"at_ms\":\n", 2));
            case OPENB, PHILLY, MURI, HELIOS, TIRESIAS -> Stream.of(Arguments.of(content + "x,1\n", 3));
            case SWF ->
                Stream.of(
                        Arguments.of(content + "7 0 x\n", (int) content.lines().count() + 1));
            case BATSIM -> Stream.of(Arguments.of(content.replace("}],", "},\n{\"id\":2}],"), 2));
            case PHILLY_JSON -> Stream.of(Arguments.of(content.replaceFirst("]$", ",\n{\"jobid\":1}]"), 2));
            case LOG -> Stream.of();
        };
    }

    @ParameterizedTest
    @MethodSource("oneBadRowOfEachFormat")
    void skipsABadRowOfEachFormat(String content, int line) throws Exception {
        Path file = file("w", content);

        assertThatThrownBy(() -> WorkloadFile.read(file))
                .isInstanceOf(WorkloadFormatException.class)
                .hasMessageStartingWith("%s, line %d: ", file, line);
        var workload = WorkloadFile.read(file, new WorkloadFile.Options(null, true));
        assertThat(workload.arrivals()).hasSize(1);
        assertThat(workload.notes().badRows()).singleElement().asString().startsWith("line " + line + ": ");
    }

    @Test
    void saysSoIfAllRowsAreBad() throws IOException {
        Path file = file("w", "timestamp,duration,num_gpus,gpu_time,cluster\nx,1\n");

        assertThatThrownBy(() -> WorkloadFile.read(file, new WorkloadFile.Options(null, true)))
                .hasMessage(
                        "%s: has no tasks: none of its 1 rows can be read; the first problem: line 2: has 2 values, but the header names 5 columns",
                        file);
    }

    @Test
    void saysWhenTheFirstTaskIsSubmitted() throws Exception {
        String rows =
                "0 1356996147 0 60 4 -1 -1 4 200 -1 1 62 1 -1 1 -1 -1 -1\n1 1356996150 0 60 4 -1 -1 4 200 -1 1 62 1 -1 1 -1 -1 -1\n";

        var workload = WorkloadFile.read(file("w", rows));

        assertThat(workload.offsetMs()).isEqualTo(1_356_996_147_000L);
        assertThat(workload.earlier(workload.offsetMs()).arrivals())
                .extracting(Arrival::atMs)
                .containsExactly(0L, 3_000L);
    }
}
