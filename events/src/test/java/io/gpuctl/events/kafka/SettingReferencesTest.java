package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of client settings that refers to mounted secrets. */
class SettingReferencesTest {
    @TempDir
    Path directory;

    private Map<String, String> read(String lines) throws IOException {
        Path file = Files.writeString(
                directory.resolve("client.properties"),
                "bootstrap.servers=kafka:9093\n" + lines.replace("DIR", directory.toString()));
        return KafkaConnection.read(file, Map.of()).settings();
    }

    @Test
    void filesDirectoriesAndTheEnvironmentAreReadOnce() throws IOException {
        // The file is like a mounted Kubernetes secret of a KafkaUser, with the line end that a shell writes.
        Files.writeString(
                directory.resolve("sasl.jaas.config"), "login required password=\"p$w\\\\\\\"${dir:x:y},\";\n");
        Files.writeString(directory.resolve("more.properties"), "store=one\n");

        var settings = read("""
                config.providers=file,dir,env,secrets
                config.providers.secrets.class=org.apache.kafka.common.config.provider.DirectoryConfigProvider
                config.providers.dir.param.allowed.paths=DIR
                sasl.jaas.config=${dir:DIR:sasl.jaas.config}
                sasl.mechanism=${secrets:DIR:sasl.jaas.config}
                ssl.truststore.location=/etc/${file:DIR/more.properties:store}.pem
                security.protocol=${env:PATH}
                """);

        assertThat(settings)
                .containsEntry("sasl.jaas.config", "login required password=\"p$w\\\\\\\"${dir:x:y},\";")
                .containsEntry("sasl.mechanism", "login required password=\"p$w\\\\\\\"${dir:x:y},\";")
                .containsEntry("ssl.truststore.location", "/etc/one.pem")
                .containsEntry("security.protocol", System.getenv("PATH"))
                .doesNotContainKey("config.providers");
    }

    @Test
    void withoutProvidersADollarIsADollar() throws IOException {
        assertThat(read("ssl.key.password=${env:PATH}")).containsEntry("ssl.key.password", "${env:PATH}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.providers=vault                          | config.providers contains 'vault', but must contain only file, dir and env",
                "config.providers=x\\nconfig.providers.x.class=org.evil.Provider | config.providers contains 'org.evil.Provider', but",
                "config.providers=dir\\nssl.key.password=${dir:DIR:gone}      | ssl.key.password refers to ${dir:DIR:gone}, which does not exist",
                "config.providers=dir\\nssl.key.password=${dir:/gone/x:y}     | ssl.key.password refers to ${dir:/gone/x:y}, which does not exist",
                "config.providers=file\\nssl.key.password=${file:/gone/x:y}   | ssl.key.password",
                "config.providers=env\\nssl.key.password=${env:NO_SUCH_NAME}  | ssl.key.password refers to ${env:NO_SUCH_NAME}",
            })
    void whatLeadsNowhereIsNamed(String lines, String problem) {
        assertThatThrownBy(() -> read(lines.replace("\\n", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem.replace("DIR", directory.toString()));
    }
}
