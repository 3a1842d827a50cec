package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaConnectionTest {
    @TempDir
    Path directory;

    @Test
    void isReadFromTheFileOfKafkasOwnTools() throws Exception {
        Path file = Files.writeString(directory.resolve("client.properties"), """
                # of the platform team
                bootstrap.servers=kafka-1:9093,kafka-2:9093
                security.protocol=SASL_SSL
                sasl.jaas.config=login required password="a \\"quoted\\" secret";
                """);

        var connection = KafkaConnection.read(file, Map.of());

        assertThat(connection.bootstrapServers()).isEqualTo("kafka-1:9093,kafka-2:9093");
        assertThat(connection.with(Map.of("client.id", "one", "security.protocol", "SSL")))
                .containsEntry("client.id", "one")
                .containsEntry("security.protocol", "SSL")
                .containsKey("sasl.jaas.config");
        assertThat(KafkaConnection.read(file, Map.of("bootstrap.servers", "other:1"))
                        .bootstrapServers())
                .isEqualTo("other:1");
    }

    @Test
    void doesNotShowThePassword() {
        var connection = new KafkaConnection(
                Map.of("bootstrap.servers", "kafka:9093", "sasl.jaas.config", "login password=\"secret\""));

        assertThat(connection).hasToString("kafka:9093");
    }

    @Test
    void namesWhatIsMissingAndWhatIsNotOfAConnection() {
        assertThatThrownBy(() -> new KafkaConnection(Map.of("security.protocol", "SSL")))
                .hasMessage("bootstrap.servers is missing, but must be HOST:PORT");
        assertThatThrownBy(() -> new KafkaConnection(Map.of("bootstrap.servers", "kafka:1", "group.id", "mine")))
                .hasMessageStartingWith("group.id is not a connection setting: the name must begin with one of");
    }
}
