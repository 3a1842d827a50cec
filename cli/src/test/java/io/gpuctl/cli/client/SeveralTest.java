package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands with several ids, or with a kind of entries. */
class SeveralTest {

    private static final Answer NOT_FOUND = Answer.of(404, """
            {"type":"urn:gpuctl:problem:not-found","title":"The resource does not exist",
             "detail":"There is no node 9; GET /nodes lists them"}""");

    private StubApi api;

    @BeforeEach
    void startApi() throws IOException {
        api = new StubApi();
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private CommandRun gpuctl(String command) {
        return CommandRun.of(api.address(), command.split(" "));
    }

    private static String task(String id, String state, String user) {
        return "{\"task_id\":\"%s\",\"state\":\"%s\",\"user\":\"%s\",\"gpus\":1,\"attempt\":1}"
                .formatted(id, state, user);
    }

    private static String node(String id, String rack) {
        return "{\"node_id\":\"%s\",\"state\":\"up\",\"health\":\"healthy\",\"rack\":\"%s\"}".formatted(id, rack);
    }

    private void fourTasks() {
        String tasks = String.join(
                ",",
                task("t1", "running", "ann"),
                task("t2", "queued", "ann"),
                task("t3", "queued", "bob"),
                task("t4", "completed", "ann"));
        api.on("GET /tasks?limit=1000", Answer.of(200, "{\"tasks\":[" + tasks + "]}"))
                .on("DELETE /tasks/t1", Answer.of(202, task("t1", "running", "ann")))
                .on("DELETE /tasks/t2", Answer.of(202, task("t2", "cancelled", "ann")))
                .on("DELETE /tasks/t3", Answer.of(202, task("t3", "cancelled", "bob")));
    }

    @Test
    void cancelDoesEachAndSaysEach() {
        fourTasks();

        var run = gpuctl("cancel t1 t2 t3");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("t1 will be cancelled; it was running\nt2 is cancelled\nt3 is cancelled\n");
    }

    /** Each answer takes a commit of the cluster: ten thousand requests one after the other took six minutes. */
    @Test
    void asksForSeveralAtATime() throws IOException {
        var bothHaveCome = new CountDownLatch(2);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/tasks/", exchange -> {
                bothHaveCome.countDown();
                String id = exchange.getRequestURI().getPath().substring("/tasks/".length());
                byte[] body = task(id, "cancelled", "ann").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(isReached(bothHaveCome) ? 202 : 500, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();

            var run = CommandRun.of(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort()), "cancel", "t1", "t2");

            assertThat(run.out()).isEqualTo("t1 is cancelled\nt2 is cancelled\n");
            server.stop(0);
        }
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneThatFailsKeepsNoOtherFromBeingDoneAndIsTold() {
        fourTasks();

        var run = gpuctl("cancel t1 nosuch t2");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("t1 will be cancelled", "t2 is cancelled");
        assertThat(run.err()).startsWith("gpuctl: ").contains("nosuch").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cordon 7 9 8", "drain 7 9 8", "uncordon 7 9 8", "fault inject 7 9 8"})
    void everyCommandForNodesTakesSeveral(String command) {
        String action = command.startsWith("fault") ? "faults" : command.substring(0, command.indexOf(' '));
        api.on("POST /nodes/7/" + action, Answer.of(202, node("7", "")))
                .on("POST /nodes/8/" + action, Answer.of(202, node("8", "")))
                .on("POST /nodes/9/" + action, NOT_FOUND);

        var run = gpuctl(command);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("node 7", "node 8");
        assertThat(run.err()).isEqualTo("gpuctl: There is no node 9; gpuctl get nodes lists them\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get node 7 9 8", "describe node 7 9 8"})
    void whatShowsNodesShowsSeveral(String command) {
        api.on("GET /nodes/7", Answer.of(200, node("7", "r1")))
                .on("GET /nodes/8", Answer.of(200, node("8", "r2")))
                .on("GET /nodes/9", NOT_FOUND);

        var run = gpuctl(command);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).containsPattern("(?m)^(Node: +)?7\\b").containsPattern("(?m)^(Node: +)?8\\b");
        assertThat(run.err()).contains("There is no node 9");
    }

    @Test
    void getTaskOfSeveralIsOneDocument() {
        api.on("GET /tasks/t1", Answer.of(200, task("t1", "queued", "ann")))
                .on("GET /tasks/t2", Answer.of(200, task("t2", "queued", "ann")));

        assertThat(gpuctl("get task t1 t2 -o json").out()).startsWith("{\n  \"tasks\" : [");
        assertThat(gpuctl("get task t1 -o json").out()).startsWith("{\n  \"task_id\" : \"t1\"");
    }

    @Test
    void cancelOfAKindTellsHowManyAndDoesNothingWithoutATerminal() {
        fourTasks();

        var run = gpuctl("cancel --user ann");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("2 tasks (1 queued, 1 running)", "--yes");
        assertThat(api.requests()).noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    void cancelOfAKindWithYesCancelsThoseThatHaveNotEnded() {
        fourTasks();

        assertThat(gpuctl("cancel --user ann --yes").out())
                .isEqualTo("t1 will be cancelled; it was running\nt2 is cancelled\n");
        assertThat(gpuctl("cancel --all --yes").out())
                .contains("t1 ", "t2 ", "t3 ")
                .doesNotContain("t4 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "cancel t1 --all", "cancel --all --user ann", "drain", "drain 7 --rack r1"})
    void whichOnesMustBeSaidInOneWay(String command) {
        assertThat(gpuctl(command).exitCode()).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void drainOfARackDrainsItsNodes() {
        api.on(
                        "GET /nodes?limit=1000",
                        Answer.of(
                                200,
                                "{\"nodes\":[%s,%s,%s]}".formatted(node("1", "r1"), node("10", "r2"), node("2", "r2"))))
                .on("POST /nodes/2/drain", Answer.of(202, node("2", "r2")))
                .on("POST /nodes/10/drain", Answer.of(202, node("10", "r2")));

        assertThat(gpuctl("drain --rack r2").out())
                .isEqualTo("node 2: asked to drain; it was healthy\nnode 10: asked to drain; it was healthy\n");
        assertThat(gpuctl("drain --rack r9").exitCode()).isEqualTo(1);
    }
}
