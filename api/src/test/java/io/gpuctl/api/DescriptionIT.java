package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.NpmTools.Run;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API's description as two linters see it, with all of their rules that apply. Skipped where npm is not installed. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class DescriptionIT {

    private static final String DESCRIPTION = "openapi.json";

    private NpmTools tools;

    @BeforeEach
    void writeDescription() throws IOException, InterruptedException {
        tools = NpmTools.install();
        tools.write(DESCRIPTION, given().get("/openapi?format=JSON").asString());
    }

    private static void assertSucceeds(Run run) {
        assertThat(run.exitCode()).as(run.output()).isZero();
    }

    @Test
    void spectralFindsNothing() throws Exception {
        assertSucceeds(tools.tool("spectral", "lint", "--ruleset", "spectral-rules.yaml", "-F", "hint", DESCRIPTION));
    }

    /** Every rule is an error, so warnings fail too. */
    @Test
    void redoclyFindsNothing() throws Exception {
        assertSucceeds(tools.tool(
                "redocly",
                "lint",
                "--config",
                "redocly-rules.yaml",
                "--lint-config",
                "error",
                "--format",
                "stylish",
                DESCRIPTION));
    }
}
