package io.gpuctl.deploy.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks facts that {@code deploy/compose} states in two places. */
class ComposeFileTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Path PROMETHEUS = ComposeFile.DIRECTORY.resolve("prometheus.yml");

    /** The rules and dashboards in grafana/ depend on the names of the jobs. */
    @Test
    void prometheusHasTheJobsThatTheRulesAreWrittenFor() throws IOException {
        List<String> jobs = jobs(ContainerRun.ROOT.resolve("grafana/prometheus/prometheus.yml"));

        assertThat(jobs).isNotEmpty();
        assertThat(jobs(PROMETHEUS)).containsExactlyElementsOf(jobs);
    }

    @Test
    void prometheusScrapesEveryServiceOfGpuctl() throws IOException {
        List<String> hosts = new ArrayList<>();
        YAML.readTree(PROMETHEUS.toFile())
                .at("/scrape_configs/0/static_configs/0/targets")
                .forEach(target -> hosts.add(target.asText().replaceFirst(":\\d+$", "")));

        List<String> services = ComposeFile.read("compose.yaml").services().values().stream()
                .filter(service -> service.command().contains("run"))
                .map(ComposeFile.Service::name)
                .toList();
        assertThat(services).isNotEmpty();
        assertThat(hosts).containsExactlyInAnyOrderElementsOf(services);
    }

    @Test
    void everyServiceOfTheSecuredClusterHasItsUser() {
        ComposeFile file = ComposeFile.read("compose.yaml", "secured.yaml");

        assertThat(file.services().values())
                .filteredOn(service -> service.command().contains("run"))
                .isNotEmpty()
                .allSatisfy(service -> assertThat(service.mounts())
                        .containsKeys(service.environment().get("GPUCTL_KAFKA_CONFIG"), "/run/secrets/ca.pem"));
    }

    private static List<String> jobs(Path file) throws IOException {
        List<String> jobs = new ArrayList<>();
        for (JsonNode job : YAML.readTree(file.toFile()).path("scrape_configs")) {
            jobs.add(job.path("job_name").asText());
        }
        return jobs;
    }
}
