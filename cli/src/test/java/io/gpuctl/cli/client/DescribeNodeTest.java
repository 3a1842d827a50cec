package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks the description of a node, on 2026-01-01 at 01:00. */
class DescribeNodeTest {

    private StubApi api;

    @BeforeEach
    void startApi() throws IOException {
        api = new StubApi().on("GET /cluster/status", Answer.of(200, "{\"cluster_time\":\"2026-01-01T01:00:00Z\"}"));
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private String describe(String node) {
        api.on("GET /nodes/7", Answer.of(200, node));
        return CommandRun.of(api.address(), "describe", "node", "7").out();
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }

    @Test
    void aFaultIsToldOnceWithItsNumberItsNameItsGpuAndItsTime() {
        String out = describe("""
                {"node_id":"7","state":"up","health":"draining","gpu_count":8,
                 "reason":"XID 48, double bit ECC error","cordon":{"cause":"fault","drain":true,"drained":false,
                           "detail":"XID 48, double bit ECC error","since":"2026-01-01T00:55:00Z"},
                 "gpus_out":[{"gpu":2,"detail":"thermal shutdown","since":"2026-01-01T00:50:00Z"}],
                 "last_xids":[{"gpu":3,"xid":48,"meaning":"double bit ECC error","at":"2026-01-01T00:55:00Z"},
                              {"gpu":5,"xid":31,"meaning":"page fault","at":"2026-01-01T00:30:00Z"}],
                 "last_fault":{"kind":"xid","gpu":3,"xid":48,"name":"DBE","meaning":"double bit ECC error","detail":"",
                               "at":"2026-01-01T00:55:00Z"},
                 "tasks":[]}""");

        assertThat(out)
                .contains("Health:       draining: XID 48, double bit ECC error\n")
                .contains("Cordon:       fault, draining since 2026-01-01T00:55:00Z (5m ago)\n")
                .contains("GPUs out:     2 since 2026-01-01T00:50:00Z (10m ago)\n")
                .contains(
                        "Last fault:   XID 48 on GPU 3 at 2026-01-01T00:55:00Z (5m ago): double bit ECC error (DBE)\n")
                .containsPattern("EARLIER FAULTS +WHERE +FAULT\n2026-01-01T00:30:00Z  GPU 5  XID 31: page fault\n");
        assertThat(count(out, "XID 48"))
                .as("in its health, and as the last fault")
                .isEqualTo(2);
    }

    @Test
    void aFaultThatIsNoDriverErrorHasAName() {
        assertThat(describe("""
                {"node_id":"7","state":"up","health":"healthy","gpu_count":8,"tasks":[],
                 "last_fault":{"kind":"node_crash","gpu":-1,"xid":0,"detail":"the node crashed","at":"2026-01-01T00:55:00Z"}}"""))
                .contains("Last fault:   node crash at 2026-01-01T00:55:00Z (5m ago): the node crashed\n")
                .doesNotContain("EARLIER FAULTS");
    }

    @Test
    void whatALostNodeHadIsNotToldAsIfItHadItNow() {
        String out = describe("""
                {"node_id":"7","state":"lost","health":"lost","reason":"35s without a heartbeat","gpu_count":8,"gpus_held":8,
                 "last_telemetry":{"at":"2026-01-01T00:59:25Z","age_seconds":35.2,
                                   "gpus":[{"utilization":0.9,"power_watts":366,"temperature_celsius":61}]},
                 "tasks":[{"task_id":"t0","attempt":1,"gpus":[0,1,2],"gpu_milli":1000,"over":true}]}""");

        assertThat(out)
                .contains("Health:       lost: 35s without a heartbeat\n")
                .contains("Allocated:    unknown; 8 of 8 GPUs when the node last reported\n")
                .contains("Measured:     nothing now; last 2026-01-01T00:59:25Z (35s ago)\n")
                .containsPattern("Last known, 35s ago:\nGPU +UTIL .*\n +0 +90% .*366 W")
                .containsPattern("t0 +1 +0-2 +100.0% +ended; held until the node answers");
    }

    private static String fact(long sequence, String at, String event) {
        return "{\"pool\":\"default\",\"sequence\":%d,\"at_ms\":%d,\"cause\":{\"source\":\"timer\"},\"event\":{%s}}"
                .formatted(sequence, Instant.parse(at).toEpochMilli(), event);
    }

    @Test
    void aNodeThatIsBackHasItsFaultsBehindIt() {
        String faulted =
                "\"type\":\"node_faulted\",\"node_id\":\"7\",\"kind\":\"xid\",\"gpu\":0,\"detail\":\"\",\"xid\":79";
        String cordoned =
                "\"type\":\"node_cordoned\",\"node_id\":\"7\",\"cause\":\"%s\",\"drain\":true,\"detail\":\"%s\",\"until_ms\":0";
        api.on(
                "GET /nodes/7/events?limit=1000",
                Answer.of(
                        200,
                        "{\"events_omitted\":12,\"events\":[%s]}"
                                .formatted(String.join(
                                        ",",
                                        List.of(
                                                fact(
                                                        2,
                                                        "2026-01-01T00:10:00Z",
                                                        "\"type\":\"node_suspected\",\"node_id\":\"7\""),
                                                fact(
                                                        3,
                                                        "2026-01-01T00:10:05Z",
                                                        "\"type\":\"node_lost\",\"node_id\":\"7\""),
                                                fact(
                                                        4,
                                                        "2026-01-01T00:12:00Z",
                                                        "\"type\":\"node_recovered\",\"node_id\":\"7\""),
                                                fact(
                                                        5,
                                                        "2026-01-01T00:20:00Z",
                                                        cordoned.formatted("straggler", "slow 3 times")),
                                                fact(6, "2026-01-01T00:50:00Z", faulted),
                                                fact(
                                                        6,
                                                        "2026-01-01T00:50:00Z",
                                                        cordoned.formatted("fault", "XID 79")))))));
        api.on("GET /nodes/7", Answer.of(200, """
                {"node_id":"7","state":"up","health":"healthy","gpu_count":8,"tasks":[]}"""));

        String out = CommandRun.of(api.address(), "describe", "node", "7", "--events")
                .out();

        assertThat(out)
                .contains(
                        "Last fault:   XID 79 on GPU 0 at 2026-01-01T00:50:00Z (10m ago): GPU has fallen off the bus (")
                .containsPattern("EARLIER FAULTS +WHERE +FAULT")
                .containsPattern("2026-01-01T00:20:00Z +node +straggler: slow 3 times")
                .containsPattern("2026-01-01T00:10:05Z +node +lost: no heartbeat")
                .contains("12 older facts are only in the log.\n")
                .containsPattern("2026-01-01T00:10:00Z +suspected +no heartbeat +timer")
                .containsPattern("2026-01-01T00:50:00Z +cordoned +for a fault, drained: XID 79 +timer");
    }

    @Test
    void atMostTenEarlierFaultsAreTold() {
        String lost = "\"type\":\"node_lost\",\"node_id\":\"7\"";
        api.on(
                "GET /nodes/7/events?limit=1000",
                Answer.of(
                        200,
                        "{\"events_omitted\":0,\"events\":[%s]}"
                                .formatted(IntStream.range(10, 30)
                                        .mapToObj(
                                                minute -> fact(minute, "2026-01-01T00:%d:00Z".formatted(minute), lost))
                                        .collect(Collectors.joining(",")))));

        String out =
                describe("{\"node_id\":\"7\",\"state\":\"up\",\"health\":\"healthy\",\"gpu_count\":8,\"tasks\":[]}");

        assertThat(count(out, "lost: no heartbeat")).isEqualTo(10);
        assertThat(out)
                .contains("lost at 2026-01-01T00:29:00Z (31m ago): no heartbeat", "00:19:00Z")
                .doesNotContain("00:18:00Z");
    }

    @Test
    void aListingLeavesOutWhatIsNotCurrent() {
        api.on("GET /nodes?limit=1000", Answer.of(200, """
                {"nodes":[{"node_id":"7","state":"lost","health":"lost","reason":"35s without a heartbeat","gpu_count":8,
                           "gpus_held":8,"tasks":[{"task_id":"t0","over":true}]}]}"""));

        assertThat(CommandRun.of(api.address(), "get", "nodes").out())
                .containsPattern("7 +lost +- +- +8 +- +- +0 +35s without a heartbeat");
    }
}
