package io.gpuctl.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.CommandRun;
import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class KnownIdsTest {

    private static CommandRun ids(String kind, Object server) {
        return CommandRun.local("completion", "ids", kind, "--server", server.toString());
    }

    @Test
    void printsEachIdOnce() throws IOException {
        try (var api = new StubApi()
                .on(
                        "GET /nodes?limit=1000",
                        Answer.of(
                                200,
                                "{\"nodes\": [{\"node_id\": \"1\", \"rack\": \"r1\"}, {\"node_id\": \"2\", \"rack\": \"r1\"}]}"))) {
            assertThat(ids("nodes", api.address()).out()).isEqualTo("1\n2\n");
            assertThat(ids("racks", api.address()).out()).isEqualTo("r1\n");
        }
    }

    @Test
    void printsNothingIfTheServerRefuses() throws IOException {
        try (var api = new StubApi()) {
            assertThat(ids("tasks", api.address())).isEqualTo(new CommandRun(0, "", ""));
        }
    }

    @Test
    void printsNothingIfTheServerDoesNotAnswer() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(ids("tasks", "http://127.0.0.1:" + silent.getLocalPort()))
                    .isEqualTo(new CommandRun(0, "", ""));
        }
    }
}
