package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import io.gpuctl.cli.output.Bar;
import io.gpuctl.cli.output.Screen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One task holds GPU 0, and two tasks share GPU 1. Node 10 is lost, and so are the tasks on it. */
    private static final String NODES = """
            {"nodes":[
             {"node_id":"10","pool":"default","rack":"r2","state":"lost","health":"lost","gpu_model":"A100","gpu_count":2,
              "gpu_memory_mib":81920,"gpu_limit_power_watts":400,"slowdown_celsius":85,"gpus_held":1,
              "tasks":[{"task_id":"away","attempt":1,"gpus":[0],"gpu_milli":1000,"over":true}],
              "last_telemetry":{"gpus":[{"utilization":0.9,"power_watts":366},{"utilization":0,"power_watts":60}]}},
             {"node_id":"9","pool":"default","rack":"r1","state":"up","health":"healthy","gpu_model":"A100","gpu_count":3,
              "gpu_memory_mib":81920,"gpu_limit_power_watts":400,"slowdown_celsius":85,"gpus_allocated":1.75,
              "gpus_out":[{"gpu":2,"detail":"XID 79"}],
              "tasks":[{"task_id":"whole","attempt":1,"gpus":[0],"gpu_milli":1000},
                       {"task_id":"half","attempt":1,"gpus":[1],"gpu_milli":500},
                       {"task_id":"quarter","attempt":2,"gpus":[1],"gpu_milli":250}],
              "telemetry":{"gpus":[
               {"utilization":0.84,"memory_used_mib":62464,"power_watts":366.4,"temperature_celsius":84.6,
                "sm_clock_mhz":1095,"throttled":true,"clock_event_reasons":["sw_thermal_slowdown"]},
               {"utilization":0.4,"memory_used_mib":20480,"power_watts":200,"temperature_celsius":60,
                "sm_clock_mhz":1410,"throttled":false,"clock_event_reasons":["sw_power_cap"]},
               {"utilization":0,"memory_used_mib":0,"power_watts":0,"temperature_celsius":30,
                "sm_clock_mhz":210,"throttled":false,"clock_event_reasons":[]}]}}]}""";

    private static final String RUNNING = """
            {"tasks":[
             {"task_id":"quarter","state":"running","user":"ann","pool":"default","gpus":0.25,"attempt":2,"run_seconds":60,
              "allocations":[{"node_id":"9","gpus":[1],"gpu_milli":250}]},
             {"task_id":"whole","state":"running","user":"bob","pool":"default","gpus":1,"attempt":1,"run_seconds":3600,
              "allocations":[{"node_id":"9","gpus":[0],"gpu_milli":1000}]}]}""";

    private StubApi api;

    @BeforeEach
    void startApi() throws IOException {
        api = new StubApi()
                .on("GET /nodes?include=telemetry&limit=100", Answer.of(200, NODES))
                .on("GET /tasks?state=running&limit=1000", Answer.of(200, RUNNING));
        for (String none : List.of("placed", "preempting", "cancelling")) {
            api.on("GET /tasks?state=%s&limit=1000".formatted(none), Answer.of(200, "{\"tasks\":[]}"));
        }
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private CommandRun gpuctl(String command) {
        return CommandRun.of(api.address(), command.split(" "));
    }

    private JsonNode entry(String command, String field, String value) throws JsonProcessingException {
        JsonNode document = JSON.readTree(gpuctl(command).out());
        return StreamSupport.stream(document.elements().next().spliterator(), false)
                .filter(entry -> entry.path(field).asText().equals(value))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void gpusAreShownBusiestFirstWithWhatHoldsThemDown() {
        var lines = gpuctl("top gpus").out().lines().toList();

        assertThat(lines.get(0)).isEqualTo("5 GPUs: 25 % busy, 0.6 kW, hottest 85 C, 1 slowed by heat");
        assertThat(lines.get(1)).contains("GPU", "UTIL", "LIMIT", "TASKS");
        assertThat(lines.get(2))
                .startsWith("9/0")
                .contains(" 84%", "61/80", "366/400", " 85 ", "1095", "heat", "whole");
        assertThat(lines.get(3)).startsWith("9/1").contains("power", "half,quarter");
        assertThat(lines.get(4)).startsWith("9/2").contains("out");
        assertThat(lines.get(5)).startsWith("10/0").contains("lost", "away").doesNotContain("366");
    }

    @Test
    void whatIsNotMeasuredNowIsNoNumber() throws JsonProcessingException {
        JsonNode lost = entry("top nodes -o json", "node_id", "10");
        JsonNode up = entry("top nodes -o json", "node_id", "9");

        assertThat(lost.has("utilization")).isFalse();
        assertThat(lost.has("power_watts")).isFalse();
        assertThat(up.path("power_watts").asDouble()).isEqualTo(566.4);
        assertThat(up.path("throttled_gpus").asInt()).isEqualTo(1);
        assertThat(up.path("memory_mib").asLong()).isEqualTo(3 * 81_920);
    }

    @Test
    void aTaskHasItsPartOfASharedGpusPowerAsAnEstimate() throws JsonProcessingException {
        JsonNode quarter = entry("top tasks -o json", "task_id", "quarter");
        JsonNode whole = entry("top tasks -o json", "task_id", "whole");

        assertThat(quarter.path("power_watts").asDouble()).isEqualTo(50);
        assertThat(quarter.path("power_is_estimate").asBoolean()).isTrue();
        assertThat(quarter.has("utilization")).isFalse();
        assertThat(whole.path("power_watts").asDouble()).isEqualTo(366.4);
        assertThat(whole.path("power_is_estimate").asBoolean()).isFalse();
        assertThat(whole.path("utilization").asDouble()).isEqualTo(0.84);
        assertThat(gpuctl("top tasks").out())
                .containsPattern("whole +bob +1 +9\\[0\\]")
                .contains("~50");
    }

    @ParameterizedTest
    @CsvSource({
        "top gpus -o name, 9/0 9/1 9/2 10/0 10/1",
        "top gpus --rack r2 -o name, 10/0 10/1",
        "top gpus --sort-by=-temperature_celsius --limit 2 -o name, 9/0 9/1",
        "top nodes --sort-by node_id -o name, 9 10",
        "top tasks -o name, whole quarter",
        "top tasks --user ann -o name, quarter"
    })
    void namesAreFilteredAndSorted(String command, String names) {
        assertThat(gpuctl(command).out()).isEqualTo(names.replace(' ', '\n') + "\n");
    }

    @ParameterizedTest
    @CsvSource({"gpus", "nodes", "tasks"})
    void everyTableFitsEightyColumns(String what) throws JsonProcessingException {
        List<JsonNode> nodes = new ArrayList<>();
        JSON.readTree(NODES).path("nodes").forEach(nodes::add);
        List<JsonNode> tasks = new ArrayList<>();
        JSON.readTree(RUNNING).path("tasks").forEach(tasks::add);
        TopTables page = switch (what) {
            case "gpus" -> TopTables.gpus(Measured.gpus(nodes), false);
            case "nodes" -> TopTables.nodes(Measured.nodes(nodes), false);
            default -> TopTables.tasks(Measured.tasks(tasks, nodes), false);
        };

        assertThat(page.lines(new Screen(80, false))).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource({"top, 2", "top gpus --interval 1ms, 2", "top gpus --sort-by nothing, 2"})
    void refusesWhatMakesNoSense(String command, int code) {
        assertThat(gpuctl(command).exitCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "0, '        '",
        "0.001, '▏       '",
        "0.5, '████    '",
        "0.5625, '████▌   '",
        "1, '████████'",
        "7, '████████'",
        "-1, '        '"
    })
    void aBarIsAsLongAsItsShare(double share, String bar) {
        assertThat(Bar.of(share, 8)).isEqualTo(bar);
    }
}
