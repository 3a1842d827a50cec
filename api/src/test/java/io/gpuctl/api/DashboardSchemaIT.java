package io.gpuctl.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.api.NpmTools.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboards match Grafana's own types, including the options of each panel. Skipped without npm. */
class DashboardSchemaIT {

    private static final Path DASHBOARDS = Path.of("../grafana/dashboards");

    private NpmTools tools;

    @BeforeEach
    void install() throws IOException, InterruptedException {
        tools = NpmTools.install();
    }

    private static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.sorted().toList();
        }
    }

    /** Writes the dashboard as a TypeScript literal; returns the file's name. */
    private String write(String name, String json) throws IOException {
        String file = "dashboard-" + name + ".ts";
        tools.write(
                file,
                "import type { Dashboard } from './dashboard-schema.js';%nexport const dashboard: Dashboard = %s"
                        .formatted(json));
        return file;
    }

    private Run check(List<String> files) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(
                List.of("--strict", "--noEmit", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"));
        args.addAll(files);
        return tools.tool("tsc", args.toArray(String[]::new));
    }

    @Test
    void grafanaKnowsAllThatDashboardsSay() throws Exception {
        List<String> files = new ArrayList<>();
        for (Path dashboard : dashboards()) {
            files.add(write(dashboard.getFileName().toString().replace(".json", ""), Files.readString(dashboard)));
        }

        Run run = check(files);

        assertThat(run.exitCode()).as(run.output()).isZero();
    }

    @Test
    void aPropertyOrValueThatGrafanaDoesNotKnowIsFound() throws Exception {
        String json = Files.readString(dashboards().getFirst());

        Run run = check(List.of(write(
                "wrong",
                json.replaceFirst("\"graphMode\": \"area\"", "\"graphMode\": \"aera\"")
                        .replaceFirst("\"editorMode\"", "\"editorMod\""))));

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.output()).contains("aera", "editorMod");
    }
}
