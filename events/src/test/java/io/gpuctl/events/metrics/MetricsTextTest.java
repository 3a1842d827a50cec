package io.gpuctl.events.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gpuctl.events.metrics.MetricsText.Family;
import io.gpuctl.events.metrics.MetricsText.Labels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTextTest {
    private static final Family WATTS = new Family("watts", Metric.Kind.GAUGE, "Power, \"now\",\nin W \\ not kW.");

    @Test
    void writesAFamilyWithItsSamples() {
        var text = new MetricsText(0);
        text.begin(WATTS);
        text.sample(Labels.of(List.of("gpu", "rack"), "0", "a \"b\"\\\nc").and("task", "t"), 60.125, 3);
        text.sample(Labels.NONE, 7);

        assertThat(text(text)).isEqualTo("""
                # HELP watts Power, "now",\\nin W \\\\ not kW.
                # TYPE watts gauge
                watts{gpu="0",rack="a \\"b\\"\\\\\\nc",task="t"} 60.125
                watts 7
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "0.5, 0, 1",
        "0.5, 4, 0.5",
        "0.00005, 4, 0.0001",
        "0.00004, 4, 0",
        "-0.25, 2, -0.25",
        "-3, 2, -3",
        "12.3456, 3, 12.346",
        "100.1, 3, 100.1",
        "Infinity, 3, +Inf",
        "-Infinity, 3, -Inf",
        "NaN, 0, NaN",
        "1e300, 2, 1.0E300",
    })
    void roundsValues(double value, int decimals, String written) {
        var text = new MetricsText(1_000);
        text.begin(WATTS);
        text.sample(Labels.NONE, value, decimals);

        assertThat(text(text)).endsWith("\nwatts %s\n".formatted(written));
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "10", "9223372036854775807", "-9223372036854775808", "-1"})
    void writesWholeNumbers(long value) {
        var text = new MetricsText(0);
        text.begin(WATTS);
        text.sample(Labels.NONE, value);

        assertThat(text(text)).endsWith("\nwatts %d\n".formatted(value));
    }

    @Test
    void wantsAValueForEachLabel() {
        assertThatThrownBy(() -> Labels.of(List.of("gpu", "rack"), "0")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(MetricsText text) {
        return new String(text.toBytes(), StandardCharsets.UTF_8);
    }
}
