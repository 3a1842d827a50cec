package io.gpuctl.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.NpmTools.Run;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Checks the API's description with external tools: two linters with all applicable rules, and a generated client that
 * calls the API. Skipped where npm is not installed.
 */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class DescriptionIT {

    private static final String DESCRIPTION = "openapi.json";

    @TestHTTPResource
    URI url;

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

    @Test
    void aGeneratedClientSubmitsAndReads() throws Exception {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/health/ready").then().statusCode(200));
        try (var _ = new FactWriter(BrokerResource.bootstrapServers())) {
            assertSucceeds(tools.tool(
                    "openapi-typescript", DESCRIPTION, "--default-non-nullable=false", "--output", "api.ts"));
            assertSucceeds(tools.tool(
                    "tsc",
                    "--strict",
                    "--skipLibCheck",
                    "--types",
                    "node",
                    "--target",
                    "es2022",
                    "--module",
                    "nodenext",
                    "client.ts"));

            assertSucceeds(tools.node("client.js", url.toString()));
        }
    }
}
