package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.Waiting;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import io.gpuctl.events.form.TaskField;
import io.gpuctl.events.form.TaskForm;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests that no well-behaved client sends. */
final class HttpScenarios {
    private static final Duration PROMPT = Duration.ofSeconds(10);
    private static final int FLOOD = 3_000;
    private static final int IDLE = 1_500;
    private static final Duration IDLE_LIMIT = Duration.ofSeconds(100);
    private static final int IDLE_EVENT_READERS = 500;
    private static final int STUCK_EVENT_READERS = 4;
    private static final String JSON = "Content-Type: application/json";

    private static final List<String> NUMBERS = List.of(
            "1e-10000000",
            "1e-100000000",
            "1e-2147483648",
            "1e99999999999",
            "1e2147483647",
            "9".repeat(2_000),
            "0." + "0".repeat(2_000) + "1",
            "-0",
            "1e-401");

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "hostile-numbers",
                    "numbers of millions of digits in every field of a task and of a fault",
                    Use.UNDISTURBED,
                    HttpScenarios::hostileNumbers),
            new Scenario(
                    "hostile-bodies",
                    "deep, long and broken JSON, unpaired surrogates, overlong UTF-8",
                    Use.UNDISTURBED,
                    HttpScenarios::hostileBodies),
            new Scenario(
                    "foreign-pages",
                    "requests such as a foreign web page sends: another Host, Origin or content type",
                    Use.UNDISTURBED,
                    HttpScenarios::foreignPages),
            new Scenario(
                    "views-flood",
                    "3000 requests to /internal/views with an endless wait, each closed at once",
                    Use.UNDISTURBED,
                    HttpScenarios::viewsFlood),
            new Scenario(
                    "idle-connections",
                    "1500 requests to each API that are never completed",
                    Use.ALONE,
                    HttpScenarios::idleConnections),
            new Scenario(
                    "idle-events",
                    "500 idle readers of /events, and 4 that request all facts and do not read them",
                    Use.ALONE,
                    HttpScenarios::idleEvents));

    private HttpScenarios() {}

    private static void hostileNumbers(Stage stage) throws InterruptedException, ExecutionException {
        ApiClient api = stage.anyApi();
        List<Future<?>> asked = new ArrayList<>();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (TaskField<?> field : TaskForm.OF_SUBMISSION) {
                for (String number : NUMBERS) {
                    asked.add(clients.submit(
                            () -> refused(stage, api, "/tasks", "{\"%s\":%s}".formatted(field.name(), number))));
                }
            }
            for (String number : NUMBERS.subList(0, 7)) {
                String body = "{\"kind\":\"straggler\",\"duration\":10,\"factor\":%s}".formatted(number);
                asked.add(clients.submit(() -> refused(stage, api, "/nodes/0/faults", body)));
                String longer = "{\"kind\":\"xid\",\"xid\":79,\"gpu\":0,\"duration\":%s}".formatted(number);
                asked.add(clients.submit(() -> refused(stage, api, "/nodes/0/faults", longer)));
            }
            Waiting.until(
                    "/health/live answers meanwhile",
                    PROMPT,
                    () -> api.get("/health/live").status() == 200);
            for (Future<?> answer : asked) {
                answer.get();
            }
        }
        stage.say("%d hostile numbers".formatted(asked.size()));
    }

    /** Requires a refusal. 201 is allowed for numbers that are equal to zero, such as 1e-400. */
    private static void refused(Stage stage, ApiClient api, String path, String body) {
        ApiClient.Answer answer = api.post(path, body);
        String request = "POST %s %s".formatted(path, body.length() > 80 ? body.substring(0, 80) + "..." : body);
        if (answer.status() == 201 && (body.contains(":-0}") || body.contains(":1e-400}"))) {
            return;
        }
        stage.require(request, answer, 400, 404, 413, 422, 503, 429);
    }

    private static void hostileBodies(Stage stage) throws IOException {
        ApiClient api = stage.anyApi();
        String name = "n".repeat(50_000);
        for (String body : List.of(
                "",
                "null",
                "[]",
                "{",
                "{\"duration\":NaN}",
                "[".repeat(2_000) + "]".repeat(2_000),
                "{\"a\":".repeat(2_000) + "1" + "}".repeat(2_000),
                "{\"%s\":1}".formatted(name),
                "{\"user\":\"%s\"}".formatted(name),
                "{\"task_id\":\"a\",\"task_id\":\"b\"}",
                "{\"user\":\"\\ud800\"}",
                "{\"task_id\":\"\\udfff\"}")) {
            refused(stage, api, "/tasks", body);
        }
        byte[] overlong = "{\"user\":\"__\"}".getBytes(StandardCharsets.US_ASCII);
        overlong[9] = (byte) 0xc0;
        overlong[10] = (byte) 0xaf;
        int status = RawHttp.status(api.address(), "POST /tasks", List.of(host(api), JSON), overlong);
        if (status == 201 || status == 500) {
            throw new ChaosException("overlong UTF-8 was answered with " + status);
        }
        stage.say("hostile bodies were refused");
    }

    private static String host(ApiClient api) {
        return "Host: 127.0.0.1:" + api.address().getPort();
    }

    private static void foreignPages(Stage stage) throws IOException {
        ApiClient api = stage.anyApi();
        byte[] reason = "{\"reason\":\"foreign\"}".getBytes(StandardCharsets.UTF_8);
        String own = host(api);
        for (String path : List.of(
                "/nodes/0/cordon",
                "/nodes/0/drain",
                "/nodes/0/uncordon",
                "/nodes/0/faults",
                "/scheduler/run",
                "/tasks")) {
            requireRefused(api, "POST " + path, List.of(own), reason);
            requireRefused(api, "POST " + path, List.of(own, "Content-Type: text/plain"), reason);
            requireRefused(api, "POST " + path, List.of("Host: evil.example", JSON), reason);
            requireRefused(api, "POST " + path, List.of(own, JSON, "Origin: http://evil.example"), reason);
            requireRefused(api, "POST " + path, List.of(own, JSON, "Sec-Fetch-Site: cross-site"), reason);
        }
        requireRefused(api, "GET /tasks", List.of("Host: evil.example"), null);
        stage.say("every request that a foreign page can send was refused");
    }

    private static void requireRefused(
            ApiClient api, String request, List<String> headers, byte @org.jspecify.annotations.Nullable [] body)
            throws IOException {
        int status = RawHttp.status(api.address(), request, headers, body);
        if (status / 100 != 4 || status == 404) {
            throw new ChaosException(
                    "%s with %s was answered with %d, not refused".formatted(request, headers, status));
        }
    }

    private static void viewsFlood(Stage stage) {
        URI api = stage.anyApi().address();
        byte[] body = "{\"wait_ms\":9223372036854775807,\"seen\":{\"0\":999999999}}".getBytes(StandardCharsets.UTF_8);
        String head = "POST /internal/views HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\nContent-Length: %d\r\n\r\n"
                .formatted(api.getPort(), JSON, body.length);
        int sent = 0;
        int refused = 0;
        for (int i = 0; i < FLOOD; i++) {
            try (Socket socket = RawHttp.connect(api)) {
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(body);
                sent++;
            } catch (IOException e) {
                refused++;
            }
        }
        stage.say("%d requests sent, %d refused".formatted(sent, refused));
        stage.awaitService();
    }

    private static void idleConnections(Stage stage) {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (ApiClient api : stage.apis()) {
                byte[] half = "POST /tasks HTTP/1.1\r\n%s\r\nContent-Length: 100\r\n\r\n{"
                        .formatted(host(api))
                        .getBytes(StandardCharsets.US_ASCII);
                for (int i = 0; i < IDLE; i++) {
                    open(sockets, api.address(), half);
                }
            }
            stage.say("%d incomplete requests are open".formatted(sockets.size()));
            Waiting.until(
                    "the APIs have closed the incomplete requests",
                    IDLE_LIMIT,
                    () -> closed(sockets) > sockets.size() * 9 / 10);
        } finally {
            close(sockets);
        }
        stage.cluster().throwIfEnded();
        stage.awaitService();
    }

    private static void idleEvents(Stage stage) {
        List<Socket> sockets = new ArrayList<>();
        try {
            ApiClient api = stage.apis().getFirst();
            String form = "GET /events HTTP/1.1\r\n%s\r\nAccept: text/event-stream\r\n%s\r\n";
            byte[] idle = form.formatted(host(api), "").getBytes(StandardCharsets.US_ASCII);
            byte[] all = form.formatted(host(api), "Last-Event-ID: 0-0,1-0,2-0,3-0\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < IDLE_EVENT_READERS; i++) {
                open(sockets, api.address(), idle);
            }
            for (int i = 0; i < STUCK_EVENT_READERS; i++) {
                open(sockets, api.address(), all);
            }
            stage.say("%d readers of /events are connected".formatted(sockets.size()));
            stage.pauseSeconds(5, 8);
            stage.awaitService();
            requireHistory(stage);
        } finally {
            close(sockets);
        }
        stage.awaitService();
    }

    /** Waits until old facts can still be read. */
    private static void requireHistory(Stage stage) {
        ApiClient api = stage.apis().getFirst();
        String id = api.get("/tasks?limit=1")
                .json()
                .path("tasks")
                .path(0)
                .path("task_id")
                .asText();
        stage.until(
                "the API returns old facts",
                () -> api.get("/tasks/%s/events".formatted(id)).status() == 200);
    }

    static void open(List<Socket> sockets, URI api, byte[] begin) {
        try {
            Socket socket = RawHttp.connect(api);
            socket.setSoTimeout(1);
            sockets.add(socket);
            socket.getOutputStream().write(begin);
        } catch (IOException e) {
            return; // Refused, which is just as good.
        }
    }

    private static long closed(List<Socket> sockets) {
        return sockets.stream().filter(HttpScenarios::isClosed).count();
    }

    private static boolean isClosed(Socket socket) {
        try {
            var answer = new byte[4096]; // The server may send a reason before it closes.
            int read = socket.getInputStream().read(answer);
            return read < 0 || socket.getInputStream().read(answer) < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    static void close(List<Socket> sockets) {
        sockets.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                return; // Closed already.
            }
        });
    }
}
