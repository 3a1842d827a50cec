package io.gpuctl.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.KafkaConnection;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quarkus' configuration returns each value unchanged: no character in a password has a special meaning. */
class ApiConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p$w",
                "p${w}",
                "p\\${w}",
                "p\\\\${w}",
                "p$${w}",
                "${",
                "a,b\\,c",
                "a\\",
                "\"quoted\\\"",
                " x ",
                "$",
                "${a:b}",
                "\\"
            })
    void everyPasswordArrivesAsItIs(String password) {
        var kafka = new KafkaConnection(Map.of("bootstrap.servers", "h:1", "ssl.key.password", password));
        var config = new ApiConfig(
                kafka,
                "one",
                "127.0.0.1",
                8080,
                "localhost",
                List.of(),
                new InternalOptions.InternalPort("127.0.0.1", 0, "localhost:0", Optional.of(password)),
                1,
                Duration.ZERO,
                Path.of("/tmp"),
                0,
                ClusterClock.wall());

        var read = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(config.properties(), "test", 400))
                .build();

        assertThat(read.getOptionalValue("kafka.ssl.key.password", String.class))
                .contains(password);
        assertThat(read.getOptionalValue("gpuctl.internal.secret", String.class))
                .contains(password);
    }
}
