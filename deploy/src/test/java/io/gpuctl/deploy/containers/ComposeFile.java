package io.gpuctl.deploy.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.RestartPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The services of {@code deploy/compose}. Supports only the syntax that the tests need. */
final class ComposeFile {
    static final Path DIRECTORY = ContainerRun.ROOT.resolve("deploy/compose");
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A service.
     *
     * @param image the image as written in the file, with its variable
     * @param mounts files of this machine by their path in the container
     */
    record Service(
            String name,
            String image,
            List<String> command,
            Map<String, String> environment,
            RestartPolicy restart,
            boolean isReadOnly,
            long memoryBytes,
            List<String> healthTest,
            List<String> dnsOptions,
            Map<String, Path> mounts) {}

    private final Map<String, Service> services = new TreeMap<>();
    private final Map<String, String> files = new TreeMap<>();

    /** {@code names}: a file, followed by files that override parts of it. */
    static ComposeFile read(String... names) {
        var file = new ComposeFile();
        for (String name : names) {
            JsonNode document = parse(DIRECTORY.resolve(name));
            document.path("secrets")
                    .properties()
                    .forEach(secret -> file.files.put(
                            secret.getKey(), secret.getValue().path("file").asText()));
            document.path("services").properties().forEach(service -> file.add(service.getKey(), service.getValue()));
        }
        return file;
    }

    private static JsonNode parse(Path file) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            // Uses SnakeYAML, since Jackson's YAML does not support merge keys.
            Object tree = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
            return JSON.valueToTree(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("There is no service %s, but %s".formatted(name, services.keySet()));
        }
        return service;
    }

    Map<String, Service> services() {
        return services;
    }

    private void add(String name, JsonNode node) {
        Service before = services.getOrDefault(
                name,
                new Service(
                        name,
                        "",
                        List.of(),
                        Map.of(),
                        RestartPolicy.noRestart(),
                        false,
                        0,
                        List.of(),
                        List.of(),
                        Map.of()));
        Map<String, String> environment = new LinkedHashMap<>(before.environment());
        node.path("environment")
                .properties()
                .forEach(one -> environment.put(one.getKey(), one.getValue().asText()));
        Map<String, Path> mounts = new LinkedHashMap<>(before.mounts());
        node.path("secrets")
                .forEach(secret ->
                        mounts.put("/run/secrets/" + secret.asText(), file(files.getOrDefault(secret.asText(), ""))));
        node.path("volumes").forEach(volume -> {
            String[] parts = volume.asText().split(":", -1);
            if (parts[0].startsWith(".")) {
                mounts.put(parts[1], file(parts[0]));
            }
        });
        services.put(
                name,
                new Service(
                        name,
                        node.path("image").asText(before.image()),
                        node.has("command") ? texts(node.path("command")) : before.command(),
                        environment,
                        node.has("restart")
                                ? RestartPolicy.parse(node.path("restart").asText())
                                : before.restart(),
                        node.path("read_only").asBoolean(before.isReadOnly()),
                        node.has("mem_limit") ? bytes(node.path("mem_limit").asText()) : before.memoryBytes(),
                        node.path("healthcheck").has("test")
                                ? texts(node.path("healthcheck").path("test"))
                                : before.healthTest(),
                        node.has("dns_opt") ? texts(node.path("dns_opt")) : before.dnsOptions(),
                        mounts));
    }

    private static Path file(String name) {
        return DIRECTORY.resolve(name).normalize();
    }

    private static List<String> texts(JsonNode list) {
        return new ArrayList<>(StreamSupport.stream(list.spliterator(), false)
                .map(text -> text.asText().replace("$$", "$")) // Two dollars are an escaped one.
                .toList());
    }

    private static long bytes(String text) {
        long unit = switch (text.charAt(text.length() - 1)) {
            case 'm' -> 1L << 20;
            case 'g' -> 1L << 30;
            default -> throw new IllegalArgumentException("A size is a number and m or g, and not " + text);
        };
        return Long.parseLong(text.substring(0, text.length() - 1)) * unit;
    }
}
