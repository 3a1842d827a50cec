package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.cli.StubApi;
import io.gpuctl.cli.StubApi.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final String READY = "{\"checks\":[{\"data\":{\"problem\":\"\",\"orchestrator\":\"runs\"}}]}";

    private static String lastAnswer(Answer health, Answer status) throws IOException, InterruptedException {
        try (var api = new StubApi()) {
            api.on("GET /health/ready", health).on("GET /cluster/status", status);
            try (var readiness = new Readiness(api.address())) {
                assertThat(readiness.isReady(4)).isFalse();
                return readiness.lastAnswer();
            }
        }
    }

    @Test
    void saysInWordsWhichCheckFails() throws IOException, InterruptedException {
        var starting = Answer.of(503, """
                {"status": "DOWN", "checks": [{"name": "gpuctl", "status": "DOWN", "data": {
                "problem": "The views start", "broker": "answers", "orchestrator": "runs"}}]}""");

        assertThat(lastAnswer(starting, Answer.of(200, "{}"))).isEqualTo("the API is not ready: The views start");
    }

    @Test
    void countsTheNodes() throws IOException, InterruptedException {
        assertThat(lastAnswer(Answer.of(200, READY), Answer.of(200, "{\"nodes\":{\"up\":3}}")))
                .isEqualTo("3 of 4 nodes are up");
    }

    @Test
    void saysWhyTheNodesAreNotTold() throws IOException, InterruptedException {
        assertThat(lastAnswer(Answer.of(200, READY), Answer.of(503, "{\"detail\":\"The broker is away\"}")))
                .isEqualTo("the API does not return the number of nodes: The broker is away");
    }

    @Test
    void aSimulatorWaitsForSomethingThatHasAName() {
        assertThat(new RunSimulatorCommand().waitingFor()).contains("Kafka");
    }
}
