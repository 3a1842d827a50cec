package io.gpuctl.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.CordonCause;
import io.gpuctl.events.EndReason;
import io.gpuctl.events.FaultKind;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.NodeState;
import io.gpuctl.events.PendingReason;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.Topic;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.orchestrator.policy.Policies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of codes in docs/ list exactly the codes of the program, in the same order. */
class DocumentedCodesTest {

    private static final Path DOCS = Path.of("../docs");
    private static final Pattern CODE_OF_ROW = Pattern.compile("\\| `([^`]+)` \\|.*");

    static Stream<Arguments> tablesOfEnums() {
        return Stream.of(
                Arguments.of("| state | meaning | holds GPUs |", TaskState.values()),
                Arguments.of("| code | meaning | what helps |", PendingReason.Code.values()),
                Arguments.of("| reason | meaning | counts against |", EndReason.values()),
                Arguments.of("| state | meaning |", NodeState.values()),
                Arguments.of("| health | meaning |", NodeHealth.values()),
                Arguments.of("| cause of a cordon | ends |", CordonCause.values()),
                Arguments.of("| kind of fault | |", FaultKind.values()));
    }

    @ParameterizedTest
    @MethodSource("tablesOfEnums")
    void conceptsHaveEveryCode(String header, Enum<?>[] codes) throws IOException {
        var json = new ObjectMapper();

        assertThat(codesBelow("concepts.md", header))
                .containsExactlyElementsOf(Arrays.stream(codes)
                        .map(code -> json.convertValue(code, String.class))
                        .toList());
    }

    @Test
    void theFinalStatesAreNamed() throws IOException {
        var json = new ObjectMapper();
        List<String> finalStates = Arrays.stream(TaskState.values())
                .filter(TaskState::isFinal)
                .map(state -> "`" + json.convertValue(state, String.class) + "`")
                .toList();

        assertThat(Files.readString(DOCS.resolve("concepts.md")))
                .contains(
                        String.join(", ", finalStates.subList(0, 3)) + " and " + finalStates.getLast() + " are final.");
    }

    @Test
    void architectureHasEveryTopic() throws IOException {
        assertThat(codesBelow("architecture.md", "| topic | what | written by | kept |"))
                .containsExactlyInAnyOrderElementsOf(
                        Topics.ALL.stream().map(Topic::name).toList());
    }

    @Test
    void policiesHasEveryPolicy() throws IOException {
        List<String> documented = Stream.of("| order | |", "| placement | chooses | from |")
                .flatMap(header -> codesBelow("policies.md", header).stream())
                .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(Policies.names());
    }

    @Test
    void workloadsHasEveryFormat() throws IOException {
        assertThat(codesBelow("workload-format.md", "| format | what it looks like |"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(TraceFormat.values())
                        .map(TraceFormat::toString)
                        .toList());
    }

    /** Returns the codes in the first column of the table that begins with this line. */
    private static List<String> codesBelow(String page, String header) {
        try (Stream<String> lines = Files.lines(DOCS.resolve(page))) {
            return lines.dropWhile(line -> !line.equals(header))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(CODE_OF_ROW::matcher)
                    .filter(matcher -> matcher.matches())
                    .map(matcher -> matcher.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
