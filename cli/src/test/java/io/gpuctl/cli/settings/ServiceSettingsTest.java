package io.gpuctl.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.cli.CommandRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options from the environment and from a file: precedence, errors, and the output of {@code config show}. */
class ServiceSettingsTest {

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }

    private CommandRun run(String command) {
        return CommandRun.in(
                environment, command.replace("DIR", directory.toString()).split(" "));
    }

    private Map<String, String> shown(String service) throws IOException {
        var run = run("config show " + service + " -o json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        var values = new HashMap<String, String>();
        for (JsonNode setting : new ObjectMapper().readTree(run.out()).get("settings")) {
            values.put(
                    setting.get("name").asText(),
                    setting.get("value").asText() + " " + setting.get("source").asText());
        }
        return values;
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheSectionAndThatOverTheRestOfTheFile() throws IOException {
        environment.put(
                "GPUCTL_CONFIG",
                file("all.yaml", "port: 1", "kafka: h:1", "api:", "  port: 2").toString());
        assertThat(shown("api")).containsEntry("port", "2 file").containsEntry("kafka", "h:1 file");
        assertThat(shown("up")).containsEntry("port", "1 file");

        environment.put("GPUCTL_PORT", "3");
        assertThat(shown("api")).containsEntry("port", "3 environment");

        // 70000 is out of range, and the message names the source of the value that was used.
        environment.put("GPUCTL_PORT", "70000");
        assertThat(run("run api").err()).contains("--port is 70000").contains("GPUCTL_PORT in the environment");
        assertThat(run("run api --port 80000").err())
                .contains("--port is 80000")
                .doesNotContain("GPUCTL_PORT in the environment");
    }

    @Test
    void propertiesSayTheSameAsYaml() throws IOException {
        String[] services = {"orchestrator", "simulator", "api", "broker", "up"};
        var yaml = file(
                "a.yaml",
                "# for all",
                "kafka: 'a:1,b:2'",
                "metrics-port: 9090",
                "orchestrator:",
                "  policy: intelligent",
                "  weights: {power: 0.5, temperature: 2}",
                "  manual: true",
                "api:",
                "  allow-host: [one, two]",
                "simulator:",
                "broker:",
                "  kafka-open: true");
        var properties = file(
                "b.properties",
                "# for all",
                "kafka = a:1,\\",
                "   b:2",
                "metrics-port: 9090",
                "orchestrator.policy=intelligent",
                "orchestrator.weights=power=0.5,temperature=2",
                "orchestrator.manual=true",
                "api.allow-host=one,two",
                "broker.kafka-open=true");
        for (String service : services) {
            environment.put("GPUCTL_CONFIG", yaml.toString());
            var fromYaml = shown(service);
            environment.put("GPUCTL_CONFIG", properties.toString());
            var fromProperties = shown(service);
            fromYaml.remove("config");
            fromProperties.remove("config");
            assertThat(fromProperties).isEqualTo(fromYaml);
        }
        assertThat(shown("orchestrator"))
                .containsEntry("weights", "power=0.5,temperature=2 file")
                .containsEntry("kafka", "a:1,b:2 file")
                .containsEntry("manual", "true file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run api          | GPUCTL_PORT          | 0      | --port is 0, but must be from 1 to 65535",
                "run api          | GPUCTL_PORT          | http   | 'http' is not an int",
                "run orchestrator | GPUCTL_MANUAL        | yes    | --manual is 'yes', but must be true or false",
                "run orchestrator | GPUCTL_KAFKA         | local  | --kafka is 'local', but must be HOST:PORT",
                "run orchestrator | GPUCTL_METRICS_PORT  | -1     | --metrics-port is -1, but must be from",
                "run orchestrator | GPUCTL_POLICY        | srft   | Did you mean srtf?",
                "run orchestrator | GPUCTL_LOG_LEVEL     | loud   | 'loud'",
                "run simulator    | GPUCTL_SPEED         | 0      | --speed is 0.0, but must be from",
                "run broker       | GPUCTL_KAFKA_PORT    | 70000  | --kafka-port is 70000, but must be from",
                "up               | GPUCTL_ONCE          | true   | --once needs --workload FILE",
                "up               | GPUCTL_OUTPUT        | xml    | 'xml'",
            })
    void aWrongVariableIsNamedWithItsValueAndWhatIsAllowed(
            String command, String variable, String value, String problem) {
        environment.put(variable, value);

        var run = run(command + " --data DIR/data");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines().findFirst().orElse(""))
                .contains(problem)
                .contains(variable + " in the environment");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metrics-prt: 9090        | line 2: there is no setting 'metrics-prt'. Did you mean metrics-port?",
                "apii: {port: 1}          | line 2: there is no setting 'apii'. Did you mean api?",
                "api: {policy: fifo}      | line 2: 'policy' is not a setting of api, but of orchestrator, up",
                "api: {porrt: 1}          | line 2: there is no setting 'porrt'. Did you mean port?",
                "config: other.yaml       | line 2: there is no setting 'config'",
                "help: true               | line 2: there is no setting 'help'",
                "port: 70000              | --port is 70000, but must be from 1 to 65535 (--port: %s, line 2)",
                "port:                    | line 2: 'port' has no value",
                "port: {a: {b: c}}        | line 2: 'port' must be one value, a list or a group of values",
                "speed: 1                 | line 2: 'speed' is already set in line 1",
                "api: 5                   | line 2: the section api must be keys and values",
                "a: [                     | not valid YAML",
            })
    void aWrongLineIsNamed(String line, String problem) throws IOException {
        var file = file("wrong.yaml", "speed: 1", line);

        var run = run("run api --kafka h:1 --data DIR/data --config " + file);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines().findFirst().orElse(""))
                .contains(problem.formatted(file))
                .contains(file.toString());
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "api.porrt=1   | line 2: there is no setting 'porrt'. Did you mean port?",
                "speed=2       | line 2: 'speed' is already set in line 1",
                "port=\\u00    | line 2: not a line of a properties file",
            })
    void aWrongPropertyIsNamed(String line, String problem) throws IOException {
        var run = run("run api --kafka h:1 --config " + file("wrong.properties", "speed=1", line));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone.yaml", "settings.toml", "plain"})
    void aFileThatIsNotThereOrOfAnotherKindIsNamed(String name) {
        var run = run("run api --kafka h:1 --config DIR/" + name);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("gpuctl: --config: " + directory.resolve(name))
                .hasLineCount(2);
    }

    @Test
    void aVariableThatIsNoneIsToldAndThoseOfOthersAreNot() throws IOException {
        environment.putAll(Map.of(
                "GPUCTL_KAFA", "h:1",
                "GPUCTL_JAVA_OPTS", "-Xmx1g",
                "GPUCTL_NO_BUILD", "1",
                "GPUCTL_SERVER", "http://h:1",
                "GPUCTL_API_SERVICE_HOST", "10.0.0.1",
                "GPUCTL_API_SERVICE_PORT_HTTP", "8080",
                "GPUCTL_API_PORT", "tcp://10.0.0.1:8080",
                "GPUCTL_API_PORT_8080_TCP_ADDR", "10.0.0.1",
                "GPUCTL_PORT", "tcp://10.0.0.1:8080"));

        var run = run("config show api");

        assertThat(run.err().lines())
                .containsExactly("GPUCTL_KAFA in the environment has no effect: this setting does not exist."
                        + " Did you mean GPUCTL_KAFKA?");
        // A Kubernetes service called gpuctl sets this variable in each container.
        assertThat(shown("api")).containsEntry("port", "8080 default");
    }

    @Test
    void aFlagOfTheCommandLineIsNotTheOppositeOfItsVariable() {
        environment.put("GPUCTL_ONCE", "true");

        // The command is refused because --once needs another option: so --once is set, although it is given twice.
        assertThat(run("up --once --data DIR/data").err()).contains("--once needs --workload");
    }

    @Test
    void valuesAreNoTemplates() throws IOException {
        environment.put("GPUCTL_DATA", "/data/${user.home}/$$/$");

        assertThat(shown("broker")).containsEntry("data", "/data/${user.home}/$$/$ environment");
        environment.put("GPUCTL_INSTANCE", "${user.home}");
        assertThat(run("run api --kafka h:1").err()).contains("--instance is '${user.home}'");
    }

    @Test
    void helpIsShownWhateverTheSettingsAre() {
        environment.put("GPUCTL_PORT", "http");
        environment.put("GPUCTL_CONFIG", "/nowhere.yaml");

        var run = run("run api --help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Port of the API (default: 8080)").contains("GPUCTL_METRICS_PORT");
    }

    @Test
    void secretsAreNotShown() throws IOException {
        var kafka = file(
                "kafka.properties",
                "bootstrap.servers=h:9093",
                "security.protocol=SASL_SSL",
                "sasl.mechanism=PLAIN",
                "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required password\\=\"s3cret\";",
                "ssl.truststore.certificates=s3cret",
                "ssl.keystore.key=s3cret",
                "ssl.key.password=s3cret",
                "sasl.custom.unheard.of=s3cret");
        environment.put("GPUCTL_KAFKA_CONFIG", kafka.toString());
        environment.put("GPUCTL_INTERNAL_SECRET", "s3cret-s3cret-s3cret");

        for (String format : new String[] {"table", "json", "yaml"}) {
            var run = run("config show -o " + format);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("(hidden)")
                    .contains("SASL_SSL")
                    .contains("h:9093")
                    .doesNotContain("s3cret");
        }
        assertThat(shown("api"))
                .containsEntry("security.protocol", "SASL_SSL kafka-config")
                .containsEntry("kafka-config", kafka + " environment");
    }

    @Test
    void showFailsAsTheServiceWould() {
        environment.put("GPUCTL_PORT", "0");
        assertThat(run("config show api").exitCode()).isEqualTo(2);
        assertThat(run("config show api").err()).contains("--port is 0").contains("GPUCTL_PORT");
        assertThat(run("config show orchestrator").exitCode()).isZero();
        assertThat(run("config show orchestrater").err()).contains("orchestrator, simulator, api, broker, up");
    }

    /** A variable that the program reads by itself must not be called unknown. */
    @Test
    void everyVariableInTheSourcesIsKnown() throws IOException {
        Path root = Path.of("..");
        try (var modules = Files.list(root);
                var launchers = Stream.of(root.resolve("gpuctl"))) {
            var sources = Stream.concat(
                    launchers,
                    modules.map(module -> module.resolve("src/main"))
                            .filter(Files::isDirectory)
                            .flatMap(ServiceSettingsTest::files));
            sources.filter(Files::isRegularFile)
                    .flatMap(ServiceSettingsTest::variables)
                    .forEach(name -> environment.put(name, "1"));
        }
        environment.keySet().removeIf(name -> name.equals("GPUCTL_FIELDS")); // A constant's name.

        assertThat(environment).containsKeys("GPUCTL_NO_BUILD", "GPUCTL_TRACES", "GPUCTL_SERVER");
        environment.remove("GPUCTL_CONFIG");
        environment.remove("GPUCTL_KAFKA_CONFIG");
        environment.remove("GPUCTL_METRICS_PORT");
        environment.remove("GPUCTL_PORT");
        assertThat(run("config show broker").err()).isEmpty();
    }

    private static Stream<Path> files(Path folder) {
        try (var walk = Files.walk(folder)) {
            return walk.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> variables(Path file) {
        try {
            return Pattern.compile("\\bGPUCTL_[A-Z_]*[A-Z]\\b")
                    .matcher(Files.readString(file))
                    .results()
                    .map(MatchResult::group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
