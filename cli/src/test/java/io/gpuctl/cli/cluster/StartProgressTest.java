package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StartProgressTest {
    @Test
    void saysItInOneLine() {
        String line = StartProgress.line("the API is not ready: {\n  \"status\": \"DOWN\"\n}", Duration.ofSeconds(15));

        assertThat(line).isEqualTo("starting for 15 s: the API is not ready: { \"status\": \"DOWN\" }");
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(StartProgress.line("x".repeat(5_000), Duration.ofSeconds(5))).hasSizeLessThan(400);
    }
}
