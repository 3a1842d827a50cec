package io.gpuctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens foreign pages in a real browser, on a machine where a cluster runs. Skipped if Chromium is not installed
 * (Debian's package is {@code chromium}).
 */
class BrowserIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private Path chromium;
    private int port;

    @BeforeEach
    void findBrowser() throws IOException {
        var installed = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(installed.isPresent(), "No Chromium is installed");
        chromium = installed.orElseThrow();
        port = GpuctlProcess.freePort();
    }

    private Process browse(Path output, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP rebound.test 127.0.0.1",
                "--user-data-dir=" + Files.createTempDirectory(directory, "profile")));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Returns the page as the browser shows it after the page's scripts have run. */
    private String shown(String url) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "page", ".html");
        var browser = browse(output, "--virtual-time-budget=20000", "--dump-dom", url);
        try {
            assertThat(browser.waitFor(PATIENCE)).isTrue();
            return Files.readString(output);
        } finally {
            end(browser);
        }
    }

    private static void end(Process browser) {
        browser.descendants().forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly();
    }

    private String get(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }

    @Test
    void aForeignPageChangesNothingAndOurOwnPagesWork() throws Exception {
        Path output = Files.createTempFile(directory, "up", ".out");
        String data = directory.resolve("data").toString();
        try (var _ = GpuctlProcess.start(output, "up", "--port", "" + port, "--data", data, "--nodes", "2")
                .awaitOutput("ready in")) {
            GpuctlProcess.run(
                    directory, "submit", "--id", "victim", "--duration", "1h", "--server", "http://localhost:" + port);
            await().atMost(PATIENCE).until(() -> get("/tasks/victim").contains("\"running\""));

            // Another site, and another origin of the same site.
            attack("127.0.0.1");
            attack("localhost");

            assertThat(get("/tasks")).contains("victim").doesNotContain("intruder");
            assertThat(get("/tasks/victim")).contains("\"running\"");
            assertThat(get("/nodes")).doesNotContain("\"cordon\":{");
            assertThat(get("/cluster/status")).contains("\"up\":2");
            assertThat(get("/metrics")).contains("status=\"403\"");

            // The attacker's host name resolves to this machine: for the browser, everything has the same origin.
            assertThat(shown("http://rebound.test:%d/tasks".formatted(port)))
                    .contains("foreign-host")
                    .doesNotContain("victim");
            assertThat(shown("http://localhost:%d/docs/".formatted(port))).contains("Submit a task", "opblock");
            assertThat(shown("http://localhost:%d/redoc".formatted(port))).contains("Submit a task");
        }
    }

    /** Opens a page from this host and another port, and waits until the page has tried all its attacks. */
    private void attack(String host) throws IOException {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                seen.add(exchange.getRequestURI().getPath());
                byte[] page = PAGE.replace("API", "http://localhost:" + port).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
        var browser = browse(
                Files.createTempFile(directory, "attack", ".out"),
                "--remote-debugging-port=0",
                "http://%s:%d/page".formatted(host, server.getAddress().getPort()));
        try {
            await().atMost(PATIENCE).until(() -> seen.contains("/done"));
        } finally {
            end(browser);
            server.stop(0);
        }
    }

    private static final String PAGE = """
            <!DOCTYPE html>
            <html><body>
            <iframe name="sink"></iframe>
            <form id="plain" method="POST" enctype="text/plain" target="sink" action="API/nodes/0/drain"></form>
            <form id="json" method="POST" enctype="text/plain" target="sink" action="API/tasks">
              <input name='{"task_id":"intruder-form","x":"' value='"}'>
            </form>
            <img src="API/tasks">
            <script>
            const api = 'API';
            const task = id => JSON.stringify({task_id: id, duration: 600});
            const tries = [
              () => fetch(api + '/nodes/0/drain', {method: 'POST', mode: 'no-cors'}),
              () => fetch(api + '/nodes/1/cordon', {method: 'POST', mode: 'no-cors', body: '{"reason":"x"}'}),
              () => fetch(api + '/nodes/0/faults', {method: 'POST', mode: 'no-cors', body: '{"xid":79,"gpu":0}'}),
              () => fetch(api + '/scheduler/run', {method: 'POST', mode: 'no-cors', credentials: 'include'}),
              () => fetch(api + '/tasks', {method: 'POST', mode: 'no-cors', body: task('intruder-1')}),
              () => fetch(api + '/tasks', {method: 'POST', mode: 'no-cors', body: new Blob([task('intruder-2')])}),
              () => fetch(api + '/tasks', {method: 'POST', mode: 'no-cors', body: new URLSearchParams({task_id: 'intruder-3'})}),
              () => fetch(api + '/tasks', {method: 'POST', body: task('intruder-4'),
                                           headers: {'Content-Type': 'application/json'}}),
              () => fetch(api + '/tasks', {method: 'POST', mode: 'no-cors', body: task('intruder-5'),
                                           headers: {'Content-Type': 'application/json'}}),
              () => fetch(api + '/tasks/victim', {method: 'DELETE'}),
              () => navigator.sendBeacon(api + '/nodes/0/drain', '{}'),
              () => navigator.sendBeacon(api + '/tasks', new Blob([task('intruder-6')], {type: 'text/plain'})),
              () => new Promise(resolve => {
                const request = new XMLHttpRequest();
                request.onloadend = resolve;
                request.open('POST', api + '/nodes/0/drain');
                request.send('{}');
              }),
              () => new Promise(resolve => { document.getElementById('plain').submit(); setTimeout(resolve, 300); }),
              () => new Promise(resolve => { document.getElementById('json').submit(); setTimeout(resolve, 300); }),
              () => new Promise(resolve => { const events = new EventSource(api + '/events'); events.onerror = resolve; })
            ];
            (async () => {
              for (const one of tries) { try { await one(); } catch (refused) { } }
              await fetch('/done');
            })();
            </script>
            </body></html>
            """;
}
