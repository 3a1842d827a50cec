package io.gpuctl.events.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {

    @ParameterizedTest
    @EnumSource(Metric.class)
    void isNamedAsPrometheusWantsIt(Metric metric) {
        assertThat(metric.prometheusName()).matches("(gpuctl|kafka)_[a-z_]+[a-z]");
        assertThat(metric.prometheusName().endsWith("_total")).isEqualTo(metric.kind() == Metric.Kind.COUNTER);
        assertThat(metric.labels())
                .allMatch(label -> label.matches("[a-zA-Z_]+"))
                .doesNotHaveDuplicates();
        assertThat(metric.help()).endsWith(".");
    }

    @Test
    void givesEachNameOnce() {
        assertThat(Stream.of(Metric.values()).map(Metric::prometheusName)).doesNotHaveDuplicates();
    }
}
