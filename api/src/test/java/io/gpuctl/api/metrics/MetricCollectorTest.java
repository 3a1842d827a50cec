package io.gpuctl.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.metrics.Metric;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MetricCollectorTest {
    @Test
    void writesEachMetricOnceWhateverTheOrderOfItsSeries() throws IOException {
        var registry = new CollectorRegistry(true);
        registry.register(new MetricCollector(sink -> {
            sink.sample(Metric.INSTANCE_ACTIVE, 1, "orchestrator");
            sink.sample(Metric.PLACEMENTS, 3, "a\"b");
            sink.sample(Metric.INSTANCE_ACTIVE, 0, "simulator");
        }));

        var text = new StringWriter();
        TextFormat.write004(text, registry.metricFamilySamples());

        assertThat(text.toString().lines().filter(line -> !line.startsWith("# HELP")))
                .containsExactlyInAnyOrder(
                        "# TYPE gpuctl_instance_active gauge",
                        "gpuctl_instance_active{service=\"orchestrator\",} 1.0",
                        "gpuctl_instance_active{service=\"simulator\",} 0.0",
                        "# TYPE gpuctl_placements_total counter",
                        "gpuctl_placements_total{pool=\"a\\\"b\",} 3.0");
    }
}
