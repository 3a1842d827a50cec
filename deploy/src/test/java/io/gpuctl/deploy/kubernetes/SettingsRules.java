package io.gpuctl.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.Gpuctl;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Checks settings: each variable must be an option of the container's command, with a valid value; ports, names and
 * files must match the other documents.
 */
final class SettingsRules {

    private static final String PREFIX = "GPUCTL_";

    /** Variables that the launcher itself reads. */
    private static final Set<String> OF_LAUNCHER = Set.of("GPUCTL_JAVA_OPTS");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{dir:(?<directory>[^:}]+):(?<key>[^}]+)}");

    private final Cluster cluster;
    private final Findings findings;

    SettingsRules(Cluster cluster, Findings findings) {
        this.cluster = cluster;
        this.findings = findings;
    }

    void check() {
        for (Resource workload : cluster.workloads()) {
            for (JsonNode container : Cluster.containers(workload)) {
                var environment = cluster.environment(workload, container);
                checkOptions(workload, container, environment);
                checkPorts(workload, container, environment);
                checkFiles(workload, container, environment);
                checkNames(workload, environment);
            }
        }
    }

    private void checkOptions(Resource workload, JsonNode container, Map<String, String> environment) {
        var command = new ArrayList<String>();
        Resource.texts(container.path("args")).forEach(word -> command.add(Cluster.expanded(word, environment)));
        var line = commandLine(command);
        if (line.isEmpty()) {
            findings.add(workload, "args", "gpuctl %s is no command".formatted(String.join(" ", command)));
            return;
        }
        String name = line.get().getCommandSpec().qualifiedName();
        if (name.startsWith("gpuctl run ")) { // Other commands take options as arguments only.
            var options = line.get().getCommandSpec().optionsMap().keySet();
            environment.forEach((variable, value) -> {
                String option = option(variable);
                if (options.contains(option)) {
                    command.add(option + "=" + value);
                } else {
                    findings.addUnless(
                            OF_LAUNCHER.contains(variable) || !variable.startsWith(PREFIX),
                            workload,
                            variable,
                            "%s has no option %s".formatted(name, option));
                }
            });
        }
        try {
            Gpuctl.commandLine(Map.of()).parseArgs(command.toArray(String[]::new));
        } catch (ParameterException e) {
            findings.add(workload, "args", String.valueOf(e.getMessage()));
        }
    }

    private static String option(String variable) {
        return "--"
                + variable.replaceFirst("^" + PREFIX, "")
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
    }

    private static Optional<CommandLine> commandLine(List<String> command) {
        CommandLine line = Gpuctl.commandLine(Map.of());
        for (String word : command) {
            if (word.startsWith("-")) {
                break;
            }
            line = line.getSubcommands().get(word);
            if (line == null) {
                return Optional.empty();
            }
        }
        return Optional.of(line);
    }

    private void checkPorts(Resource workload, JsonNode container, Map<String, String> environment) {
        for (JsonNode port : container.path("ports")) {
            String variable = switch (port.path("name").asText()) {
                case "http" -> "GPUCTL_PORT";
                case "internal" -> "GPUCTL_INTERNAL_PORT";
                default -> "GPUCTL_METRICS_PORT";
            };
            String listening = environment.get(variable);
            findings.addUnless(
                    port.path("containerPort").asText().equals(listening),
                    workload,
                    variable,
                    "is %s, but the container's port '%s' is %s"
                            .formatted(
                                    listening,
                                    port.path("name").asText(),
                                    port.path("containerPort").asText()));
        }
    }

    private void checkFiles(Resource workload, JsonNode container, Map<String, String> environment) {
        for (String name : List.of("GPUCTL_KAFKA_CONFIG", "GPUCTL_SECRET_FILE")) {
            if (environment.containsKey(name)) {
                checkFile(workload, container, name, environment.get(name));
            }
        }
        String data = environment.getOrDefault("GPUCTL_DATA", "~");
        boolean isMounted = false;
        for (JsonNode mount : container.path("volumeMounts")) {
            isMounted |= mount.path("mountPath").asText().equals(data)
                    && !mount.path("readOnly").asBoolean();
        }
        findings.addUnless(isMounted, workload, "GPUCTL_DATA", "no volume is mounted at " + data);
        checkKafkaClient(workload, container);
    }

    /** Checks that the file exists when the container starts: it must be in a mounted ConfigMap or Secret. */
    private void checkFile(Resource workload, JsonNode container, String path, String file) {
        String directory = file.substring(0, Math.max(0, file.lastIndexOf('/')));
        String name = file.substring(file.lastIndexOf('/') + 1);
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(directory)) {
                findings.addUnless(
                        files(workload, mount.path("name").asText()).contains(name),
                        workload,
                        path,
                        "there will be no file %s in the volume '%s'"
                                .formatted(file, mount.path("name").asText()));
                return;
            }
        }
        findings.add(workload, path, "no volume is mounted at '%s' for the file %s".formatted(directory, file));
    }

    private Set<String> files(Resource workload, String volumeName) {
        var files = new TreeSet<String>();
        for (JsonNode volume : workload.at("spec.template.spec.volumes")) {
            if (!volume.path("name").asText().equals(volumeName)) {
                continue;
            }
            for (String kind : List.of("configMap", "secret")) {
                var source = volume.path(kind);
                source.path("items").forEach(item -> files.add(item.path("path").asText()));
                if (!source.isMissingNode() && source.path("items").isEmpty()) {
                    cluster.keys(
                                    kind.equals("secret") ? "Secret" : "ConfigMap",
                                    source.path(kind.equals("secret") ? "secretName" : "name")
                                            .asText())
                            .ifPresent(files::addAll);
                }
            }
        }
        return files;
    }

    /** Checks the Kafka client settings: names that Kafka knows, and files that are mounted. */
    private void checkKafkaClient(Resource workload, JsonNode container) {
        for (JsonNode volume : workload.at("spec.template.spec.volumes")) {
            var settings = cluster.find(
                    "ConfigMap", Resource.at(volume, "configMap.name").asText());
            if (settings.isPresent()) {
                properties(settings.get()).forEach((name, value) -> {
                    checkFile(workload, container, name.toString(), value.toString(), settings.get());
                });
            }
        }
    }

    private void checkFile(Resource workload, JsonNode container, String name, String value, Resource settings) {
        var known = new TreeSet<>(AdminClientConfig.configNames());
        known.addAll(Set.of(SaslConfigs.SASL_JAAS_CONFIG, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG));
        findings.addUnless(
                known.contains(name) || name.startsWith("config.providers"),
                settings,
                name,
                "is no setting of Kafka's clients");
        var reference = REFERENCE.matcher(value);
        if (reference.matches()) {
            checkFile(workload, container, name, reference.group("directory") + "/" + reference.group("key"));
        } else if (name.endsWith(".location")) {
            checkFile(workload, container, name, value);
        }
    }

    private static Properties properties(Resource configMap) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(
                    configMap.at("data").path("client.properties").asText()));
        } catch (IOException e) {
            throw new IllegalStateException("A string cannot be read", e);
        }
        return properties;
    }

    private void checkNames(Resource workload, Map<String, String> environment) {
        String kafka = environment.getOrDefault("GPUCTL_KAFKA", "");
        findings.addUnless(
                bootstrapAddresses().contains(kafka),
                workload,
                "GPUCTL_KAFKA",
                "'%s' is none of %s".formatted(kafka, bootstrapAddresses()));
        if (environment.containsKey("GPUCTL_ALLOW_HOST")) {
            var allowed = List.of(environment.get("GPUCTL_ALLOW_HOST").split(","));
            for (String name : serviceNames(workload)) {
                findings.addUnless(
                        allowed.contains(name),
                        workload,
                        "GPUCTL_ALLOW_HOST",
                        "lacks %s, by which clients reach the Service".formatted(name));
            }
        }
    }

    private Set<String> bootstrapAddresses() {
        var addresses = new TreeSet<String>();
        for (Resource kafka : cluster.all("Kafka")) {
            kafka.at("spec.kafka.listeners")
                    .forEach(listener -> addresses.add("%s-kafka-bootstrap:%s"
                            .formatted(kafka.name(), listener.path("port").asText())));
        }
        return addresses;
    }

    /** Returns the names of the Services that have an address and select these pods. */
    private Set<String> serviceNames(Resource workload) {
        var labels = Resource.strings(workload.at("spec.template.metadata.labels"));
        var names = new TreeSet<String>();
        for (Resource service : cluster.all("Service")) {
            if (!service.text("spec.clusterIP").equals("None")
                    && labels.entrySet()
                            .containsAll(Resource.strings(service.at("spec.selector"))
                                    .entrySet())) {
                String inNamespace = service.name() + "." + service.text("metadata.namespace");
                names.addAll(
                        List.of(service.name(), inNamespace, inNamespace + ".svc", inNamespace + ".svc.cluster.local"));
            }
        }
        return names;
    }
}
