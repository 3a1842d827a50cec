package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientCommandsTest {

    private static final String QUEUED = """
            {"task_id":"t1","state":"queued","priority":"normal","gpus":2,"gpu_memory_mib":40960,"user":"ann",
             "attempt":0,"allocations":[],"queue_seconds":65,"pending_reason":{"code":"InsufficientGpus","nodes_ruled_out":{"InsufficientGpus":32}}}""";
    private static final String RUNNING = """
            {"task_id":"t1","state":"running","gpus":2,"attempt":1,"allocations":[{"node_id":"3","gpus":[0,1]}]}""";
    private static final String COMPLETED = """
            {"task_id":"t1","state":"completed","gpus":2,"attempt":1,"run_seconds":30.004}""";
    private static final String FAILED = """
            {"task_id":"t1","state":"failed","gpus":2,"attempt":3,"end_reason":"task_failed","end_detail":"exit code 1"}""";

    private StubApi api;

    @BeforeEach
    void startApi() throws IOException {
        api = new StubApi();
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private CommandRun gpuctl(String... args) {
        return CommandRun.of(api.address(), args);
    }

    @Test
    void submitSendsWhatWasSaidAndNothingElse() {
        api.on("POST /tasks", Answer.of(201, QUEUED));

        var run = gpuctl(
                "submit",
                "--id",
                "t1",
                "--gpus",
                "2",
                "--memory",
                "40GiB",
                "--duration",
                "30s",
                "--gpu-model",
                "T4,V100");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("t1 queued\n");
        assertThat(api.requests()).containsExactly("""
                        POST /tasks {"task_id":"t1","gpus":2,"gpu_memory_mib":40960,"duration_ms":30000,"gpu_models":["T4","V100"]}""");
    }

    @Test
    void submitWaitTellsEachChangeOnce() {
        api.on("POST /tasks", Answer.of(201, QUEUED))
                .on("GET /tasks/t1", Answer.of(200, RUNNING), Answer.of(200, RUNNING), Answer.of(200, COMPLETED));

        var run = gpuctl("submit", "--id", "t1", "--wait");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("t1 queued (InsufficientGpus)\nt1 running on 3[0,1]\nt1 completed in 30s\n");
    }

    @Test
    void submitWaitFailsWithTheTask() {
        api.on("POST /tasks", Answer.of(201, QUEUED)).on("GET /tasks/t1", Answer.of(200, FAILED));

        var run = gpuctl("submit", "--id", "t1", "--wait");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).endsWith("t1 failed (task_failed: exit code 1)\n");
    }

    @Test
    void submitIsSentAgainWhileTheServiceIsNotReady() {
        var notReady = new Answer(503, "{\"title\":\"not ready\"}", Map.of("Retry-After", "0"));
        api.on("POST /tasks", notReady, Answer.of(201, QUEUED));

        assertThat(gpuctl("submit").exitCode()).isZero();
        assertThat(api.requests()).hasSize(2);
    }

    @Test
    void aProblemIsToldInItsWords() {
        api.on("POST /tasks", Answer.of(422, "{\"title\":\"A field is not valid\",\"detail\":\"priority is urgent\"}"));

        var run = gpuctl("submit", "--priority", "urgent");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("gpuctl: A field is not valid: priority is urgent\n");
    }

    @Test
    void aServerThatIsNotThereIsToldWithTheWayOut() {
        api.close();

        var run = gpuctl("get", "tasks");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("Nothing answers at " + api.address(), "./gpuctl up", "--server URL or GPUCTL_SERVER");
    }

    @Test
    void anAnswerThatIsNotJsonIsNotTakenForOne() {
        api.on("GET /tasks/t1", Answer.of(200, "<html>"));

        var run = gpuctl("get", "task", "t1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("not JSON").contains("Is it the API of gpuctl?");
    }

    @Test
    void getTasksReadsAllPages() {
        api.on("GET /tasks?limit=1000", Answer.of(200, "{\"tasks\":[" + QUEUED + "],\"next_cursor\":\"a b\"}"))
                .on("GET /tasks?limit=999&cursor=a+b", Answer.of(200, "{\"tasks\":[]}"))
                .on("GET /tasks?limit=1000&cursor=a+b", Answer.of(200, "{\"tasks\":[" + RUNNING + "]}"));

        var run = gpuctl("get", "tasks");

        assertThat(run.out()).isEqualTo("""
                        ID  STATE    GPUS  NODE[GPUS]  QUEUED  RAN  USER  REASON
                        t1  queued      2  -            1m 5s    -  ann   InsufficientGpus
                        t1  running     2  3[0,1]           -    -  -     -
                        """);
    }

    @Test
    void getTasksAsJsonAndYaml() {
        api.on("GET /tasks?limit=5", Answer.of(200, "{\"tasks\":[{\"task_id\":\"1e3\",\"gpus\":0.5}]}"));

        assertThat(gpuctl("get", "tasks", "--limit", "5", "-o", "json").out())
                .isEqualToIgnoringWhitespace("{\"tasks\":[{\"task_id\":\"1e3\",\"gpus\":0.5}]}");
        assertThat(gpuctl("get", "tasks", "--limit", "5", "-o", "yaml").out())
                .isEqualTo("tasks:\n- task_id: \"1e3\"\n  gpus: 0.5\n");
    }

    @Test
    void describeTellsWhyATaskWaitsAndItsHistory() {
        api.on("GET /tasks/t1", Answer.of(200, QUEUED)).on("GET /tasks/t1/events?limit=1000", Answer.of(200, """
                                {"events":[{"pool":"default","sequence":1,"at_ms":0,
                                 "cause":{"source":"task-commands","partition":2,"offset":7},
                                 "event":{"type":"pending_reason_changed","task_id":"t1",
                                          "reason":{"code":"InsufficientGpus","nodes_ruled_out":{"InsufficientGpus":32}}}},
                                 {"event":{"type":"something_new"}}]}"""));

        var run = gpuctl("describe", "task", "t1");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("State:        queued (InsufficientGpus)")
                .contains("RULED OUT BY      NODES\nInsufficientGpus     32")
                .contains("1970-01-01T00:00:00Z  pending reason changed  InsufficientGpus (32 nodes InsufficientGpus)"
                        + "  task-commands-2@7")
                .contains("?                     something_new");
    }

    @Test
    void describeReadsAllPagesOfAHistoryAndSaysWhatItLacks() {
        api.on("GET /tasks/t1", Answer.of(200, QUEUED))
                .on("GET /tasks/t1/events?limit=1000", Answer.of(200, """
                        {"events":[{"event":{"type":"first"}}],"events_omitted":37,"next_cursor":"MQ"}"""))
                .on("GET /tasks/t1/events?limit=1000&cursor=MQ", Answer.of(200, """
                        {"events":[{"event":{"type":"second"}}],"events_omitted":37}"""));

        var run = gpuctl("describe", "task", "t1");

        assertThat(run.out())
                .containsSubsequence(
                        "first", "second", "37 more facts", "'Last-Event-ID: 0-0-0-0'", "/events?task=t1'");
    }

    @Test
    void cancelTakesAnIdWithOrWithoutItsKind() {
        api.on("DELETE /tasks/t1", Answer.of(202, RUNNING));

        assertThat(gpuctl("cancel", "t1").out()).isEqualTo("t1 will be cancelled; it was running\n");
        assertThat(gpuctl("cancel", "task", "t1").exitCode()).isZero();
        assertThat(gpuctl("cancel", "node", "t1").exitCode()).isEqualTo(2);
    }

    @Test
    void drainWaitEndsWhenNothingIsLeft() {
        api.on("POST /nodes/7/drain", Answer.of(202, "{\"node_id\":\"7\",\"state\":\"up\",\"health\":\"healthy\"}"))
                .on(
                        "GET /nodes/7",
                        Answer.of(200, node("draining", "{\"cause\":\"operator\",\"drain\":true,\"drained\":false}")),
                        Answer.of(200, node("draining", "{\"cause\":\"operator\",\"drain\":true,\"drained\":true}")));

        var run = gpuctl("drain", "7", "--reason", "to be moved", "--wait");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("node 7 is drained\n");
        assertThat(api.requests())
                .containsExactly("POST /nodes/7/drain {\"reason\":\"to be moved\"}", "GET /nodes/7", "GET /nodes/7");
    }

    @Test
    void cordonAndUncordonSayWhatWasAsked() {
        api.on("POST /nodes/7/cordon", Answer.of(202, "{\"node_id\":\"7\",\"state\":\"up\",\"health\":\"healthy\"}"))
                .on("POST /nodes/7/uncordon", Answer.of(202, node("cordoned", "{\"cause\":\"operator\"}")))
                .on("GET /nodes/7", Answer.of(200, "{\"node_id\":\"7\",\"state\":\"up\",\"health\":\"healthy\"}"));

        assertThat(gpuctl("cordon", "7").out()).isEqualTo("node 7: asked to cordon; it was healthy\n");
        assertThat(gpuctl("uncordon", "7", "--wait").out()).isEqualTo("node 7 is healthy\n");
    }

    @Test
    void faultInjectSendsWhatWasSaid() {
        api.on(
                "POST /nodes/7/faults",
                Answer.of(202, "{\"node_id\":\"7\",\"kind\":\"xid\",\"xid\":79,\"gpu\":0,\"duration_ms\":120000}"));

        var run = gpuctl("fault", "inject", "7", "--xid", "79", "--gpu", "0", "--duration", "2m");

        assertThat(run.out()).isEqualTo("node 7, GPU 0: xid 79\n");
        assertThat(api.requests().getFirst()).startsWith("POST /nodes/7/faults {\"xid\":79,\"gpu\":0,\"duration\":");
    }

    @Test
    void describeNodeTellsItsCordonAndItsFaults() {
        api.on("GET /nodes/7", Answer.of(200, """
                {"node_id":"7","state":"up","health":"draining","gpu_count":8,
                 "cordon":{"cause":"fault","drain":true,"drained":false,"detail":"XID 48","since":"2026-01-01T00:00:00Z"},
                 "gpus_out":[{"gpu":3,"detail":"XID 79, GPU has fallen off the bus","since":"2026-01-01T00:00:01Z"}],
                 "last_xids":[{"gpu":3,"xid":79,"meaning":"GPU has fallen off the bus","at":"2026-01-01T00:00:01Z"}],
                 "tasks":[]}"""));

        assertThat(gpuctl("describe", "node", "7").out())
                .contains("fault, draining since 2026-01-01T00:00:00Z: XID 48")
                .contains("3  2026-01-01T00:00:01Z  out: XID 79, GPU has fallen off the bus")
                .contains("3  2026-01-01T00:00:01Z  XID 79, GPU has fallen off the bus");
    }

    private static String node(String health, String cordon) {
        return "{\"node_id\":\"7\",\"state\":\"up\",\"health\":\"%s\",\"cordon\":%s}".formatted(health, cordon);
    }

    @Test
    void aCommandLineThatIsWrongEndsWith2() {
        assertThat(gpuctl("submit", "--memory", "40").exitCode()).isEqualTo(2);
        assertThat(gpuctl("submit", "--memory", "40").err())
                .contains("'40' has no unit: write it like 40GiB", "Try: gpuctl submit --help");
        assertThat(gpuctl("get", "tasks", "--server", "ftp://x").exitCode()).isEqualTo(2);
        assertThat(gpuctl("get").exitCode()).isEqualTo(2);
        assertThat(gpuctl().exitCode()).isEqualTo(2);
        assertThat(gpuctl("sumbit").err()).contains("submit");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void getUsersShowsEnergyAsPeopleReadIt() {
        api.on("GET /users?limit=1000", Answer.of(200, """
                        {"users":[{"pool":"default","user":"ann","energy_joules":24000.5,"attempts":3,
                                   "running_tasks":2,"running_gpus":64.5,"running_energy_estimate_joules":320000000,
                                   "tasks":{"completed":2,"failed":0,"cancelled":1,"rejected":0}},
                                  {"pool":"default","user":"bob","energy_joules":4500000,"attempts":1,"tasks":{}}]}"""));

        var run = gpuctl("get", "users");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("default +ann +2 +64\\.5 +24\\.0 kJ +~88\\.889 kWh +2 +0\n")
                .containsPattern("default +bob +- +- +1\\.250 kWh +- ");
        assertThat(gpuctl("get", "users", "-o", "wide").out())
                .containsPattern("default +ann +2 +64\\.5 +24\\.0 kJ +~88\\.889 kWh +3 +2 +0 +1 +0");
    }
}
