package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import io.gpuctl.cli.output.Screen;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the output for people, and the options that select it. */
class ScreensTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Screen EIGHTY = new Screen(80, false);

    private static final String GANG = """
            {"task_id":"gang","state":"running","gpus":64,"user":"ann","queue_seconds":3,"run_seconds":144000,
             "submitted_at":"2026-01-01T00:00:02Z","allocations":[%s]}""".formatted(String.join(
            ",",
            IntStream.range(0, 8)
                    .mapToObj(node -> "{\"node_id\":\"%d\",\"gpus\":[0,1,2,3,4,5,6,7]}".formatted(node))
                    .toList()));
    private static final String ENDED = """
            {"task_id":"old","state":"completed","gpus":4,"user":"bob","submitted_at":"2026-01-01T00:00:00Z",
             "finished_at":"2026-01-01T00:05:00Z","allocations":[{"node_id":"3","gpus":[0,1,2,3,6]}]}""";
    private static final String WAITING = """
            {"task_id":"next","state":"queued","gpus":16,"user":"ann","submitted_at":"2026-01-01T00:00:01Z",
             "allocations":[],"pending_reason":{"code":"InsufficientGpus"}}""";

    private StubApi api;

    @BeforeEach
    void startApi() throws IOException {
        api = new StubApi()
                .on("GET /tasks?limit=1000", Answer.of(200, "{\"tasks\":[%s,%s,%s]}".formatted(ENDED, WAITING, GANG)));
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private CommandRun gpuctl(String command) {
        return CommandRun.of(api.address(), command.split(" "));
    }

    @Test
    void gpusInARowAreARangeAndAGangIsItsNumberOfNodes() {
        assertThat(gpuctl("get tasks").out())
                .containsPattern("old +completed +4 +3\\[0-3,6\\]")
                .containsPattern("gang +running +64 +8 nodes");
        assertThat(gpuctl("get tasks -o wide").out()).contains("0[0-7] 1[0-7] 2[0-7]");
    }

    @ParameterizedTest
    @CsvSource({
        "get tasks -o name, old next gang",
        "get tasks --user ann -o name, next gang",
        "get tasks --node 3 -o name, old gang",
        "get tasks --user ann --node 3 -o name, gang",
        "get tasks --sort-by gpus -o name, old next gang",
        "get tasks --sort-by=-gpus -o name, gang next old",
        "get tasks --sort-by finished_at -o name, old next gang",
        "get tasks --sort-by=-gpus --limit 2 -o name, gang next"
    })
    void namesAreFilteredAndSorted(String command, String names) {
        assertThat(gpuctl(command).out()).isEqualTo(names.replace(' ', '\n') + "\n");
    }

    @Test
    void aFieldThatNothingHasIsAnsweredWithThoseThereAre() {
        var run = gpuctl("get tasks --sort-by gpu");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--sort-by is 'gpu'", "gpus, ");
    }

    @Test
    void whoWatchesSeesFirstWhatRuns() throws Exception {
        List<JsonNode> tasks = List.of(MAPPER.readTree(ENDED), MAPPER.readTree(WAITING), MAPPER.readTree(GANG));

        assertThat(GetCommand.Tasks.activeFirst(tasks))
                .extracting(task -> task.path("task_id").asText())
                .containsExactly("gang", "next", "old");
    }

    @Test
    void nodesHaveTheirRacksAndAreChosenByThem() {
        api.on("GET /nodes?limit=1000", Answer.of(200, """
                {"nodes":[{"node_id":"10","health":"lost","pool":"a","rack":"r2"},
                          {"node_id":"9","health":"healthy","pool":"a","rack":"r1"}]}"""));

        assertThat(gpuctl("get nodes").out()).containsPattern("9 +healthy +r1").containsPattern("10 +lost +r2");
        assertThat(gpuctl("get nodes --health lost -o name").out()).isEqualTo("10\n");
        assertThat(gpuctl("get nodes --rack r1 -o name").out()).isEqualTo("9\n");
        assertThat(gpuctl("get nodes --health ill").err()).contains("--health is 'ill'", "healthy");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32})
    void everyTableFitsEightyColumns(int nodes) throws Exception {
        List<JsonNode> tasks = List.of(MAPPER.readTree(ENDED), MAPPER.readTree(GANG), MAPPER.readTree("""
                {"task_id":"idem-1aafe4fad6bea61e5938b27b","state":"backing_off","gpus":1,"user":"somebody.with.a.long.name",
                 "queue_seconds":90000,"run_seconds":90000,"end_reason":"hardware_fault","end_detail":"XID 79, fallen off"}"""));
        JsonNode node = MAPPER.readTree("""
                {"node_id":"gpu-node-%d","health":"draining","rack":"rack-12","gpu_model":"RTX-PRO-6000-Blackwell",
                 "gpu_count":8,"gpus_allocated":7.5,"gpus_out":[{"gpu":1,"detail":"XID 79, GPU has fallen off the bus"}]}""".formatted(nodes));

        assertThat(Tables.tasks(tasks, false).lines(EIGHTY)).allMatch(line -> line.length() <= 80);
        assertThat(Tables.nodes(List.of(node), false).lines(EIGHTY)).allMatch(line -> line.length() <= 80);
    }

    @Test
    void statusIsAPageForPeople() throws Exception {
        JsonNode status = MAPPER.readTree("""
                {"cluster_time":"2026-01-01T00:00:00Z","speed":60,"nodes_by_health":{"lost":1,"healthy":31},
                 "gpus":{"total":256,"up":248,"out":1,"allocated":100.5,"idle":146.5},
                 "tasks":{"running":12,"queued":3,"failed":0},"requeues":{"preempted":4,"node_lost":0},
                 "lost_work_seconds":812.5,"energy_joules":1250000.5,"running_energy_estimate_joules":7200000,"repairs":3,"mttr_seconds":412.5,
                 "out_of_service_gpu_hours":2.75,"mean_utilization":0.62,"total_power_watts":48200,"throttled_gpus":0,
                 "hottest_gpu":{"node":"7","gpu":3,"temperature_celsius":81.4},
                 "pools":[{"pool":"default","nodes":{"up":31},"gpus":{"total":256,"allocated":100.5,"idle":146.5},
                           "tasks":{"running":12,"queued":3,"completed":40},"policy":{"name":"fifo+fgd"}}]}""");

        assertThat(StatusPage.of(status).lines(EIGHTY))
                .containsExactly(
                        "Time:         2026-01-01T00:00:00Z, 60 times as fast as the wall clock",
                        "Nodes:        31 healthy, 1 lost",
                        "GPUs:         256: 100.5 allocated, 146.5 idle, 1 broken, 8 on nodes not up",
                        "Tasks:        12 running, 3 queued",
                        "Load:         62% utilization, 48.2 kW",
                        "Hottest:      81.4 C, GPU 3 of node 7",
                        "Energy:       1250.0 kJ by ended attempts, ~2.000 kWh by running ones",
                        "Requeues:     4 preempted; 13m 32s of work lost",
                        "Faults:       3 repaired after 6m 52s on average, 2.75 GPU hours out of service",
                        "",
                        "POOL     POLICY    NODES UP  GPUS  ALLOCATED   IDLE  RUNNING  WAITING  ENDED",
                        "default  fifo+fgd        31   256      100.5  146.5       12        3     40");
    }

    @Test
    void timesHaveTheirAges() {
        api.on("GET /tasks/next", Answer.of(200, WAITING))
                .on("GET /tasks/next/events?limit=1000", Answer.of(200, "{\"events\":[]}"))
                .on("GET /cluster/status", Answer.of(200, "{\"cluster_time\":\"2026-01-01T01:00:01Z\"}"));

        assertThat(gpuctl("describe task next").out()).contains("Submitted:    2026-01-01T00:00:01Z (1h ago)");
    }

    @Test
    void waitEndsWithTheTasksAndFailsWithOneThatDidNotComplete() {
        api.on("GET /tasks/old", Answer.of(200, ENDED))
                .on("GET /tasks/next", Answer.of(200, WAITING), Answer.of(200, ENDED))
                .on("GET /tasks/bad", Answer.of(200, "{\"task_id\":\"bad\",\"state\":\"failed\"}"));

        assertThat(gpuctl("wait old next").exitCode()).isZero();
        assertThat(gpuctl("wait bad old").exitCode()).isEqualTo(1);
        assertThat(gpuctl("wait old nosuch").exitCode()).isEqualTo(1);
    }

    @Test
    void waitIsForAnyStateAndNotForEver() {
        api.on("GET /tasks/gang", Answer.of(200, GANG));

        assertThat(gpuctl("wait gang --for running").exitCode()).isZero();
        var run = gpuctl("wait gang --timeout 1ms");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("gpuctl: Timed out: gang is still running\n");
        assertThat(gpuctl("wait gang --for done").exitCode()).isEqualTo(2);
    }

    @Test
    void aHistoryShowsItsCausesOnlyWhereThereIsRoom() throws JsonProcessingException {
        var events = List.of(MAPPER.readTree("""
                {"pool":"default","sequence":1,"at_ms":0,"cause":{"source":"task-commands","partition":2,"offset":7},
                 "event":{"type":"pending_reason_changed","task_id":"t1",
                          "reason":{"code":"InsufficientGpus","nodes_ruled_out":{"InsufficientGpus":32}}}}"""));

        assertThat(DescribeCommand.Describing.history(events, EIGHTY).lines(EIGHTY))
                .noneMatch(line -> line.contains("task-commands"))
                .anyMatch(line -> line.contains("InsufficientGpus (32 nodes"));
        assertThat(DescribeCommand.Describing.history(events, Screen.NONE).lines(Screen.NONE))
                .anyMatch(line -> line.endsWith("task-commands-2@7"));
    }
}
