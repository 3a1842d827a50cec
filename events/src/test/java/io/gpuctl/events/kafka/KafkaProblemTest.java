package io.gpuctl.events.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gpuctl.events.kafka.KafkaProblem.Kind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** The problems behind exceptions of a Kafka client. {@code SecuredKafkaIT} covers TLS, with a real broker. */
class KafkaProblemTest {
    private static final KafkaConnection KAFKA = new KafkaConnection(Map.of(
            "bootstrap.servers", "kafka:9093",
            "sasl.jaas.config", "org.example.Login required username=\"gpuctl-api\" password=\"s3cret\";"));

    private static KafkaProblem of(Throwable failure) {
        return KafkaProblem.of(failure, KAFKA).orElseThrow();
    }

    @Test
    void namesTheUserAndWhatItMayNotUse() {
        assertThat(of(new ExecutionException(new TopicAuthorizationException(Set.of("placements")))))
                .satisfies(problem -> assertThat(problem.kind()).isEqualTo(Kind.NOT_AUTHORIZED))
                .extracting(KafkaProblem::text)
                .asString()
                .contains("the user gpuctl-api may not read or write the topic placements", "gpuctl kafka acls")
                .doesNotContain("s3cret");
        assertThat(of(GroupAuthorizationException.forGroupId("gpuctl-views")).text())
                .contains("may not use the consumer group gpuctl-views");
        assertThat(of(new KafkaException("x", new SaslAuthenticationException("invalid credentials"))))
                .isEqualTo(new KafkaProblem(
                        Kind.NOT_AUTHENTICATED,
                        "the user gpuctl-api is refused (invalid credentials). Check the user and the password in"
                                + " --kafka-config."));
    }

    @Test
    void tellsWhatMayPassFromWhatDoesNot() {
        assertThat(of(new TimeoutException("x")).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(of(new KafkaException(
                                "x", new ConfigException("No resolvable bootstrap urls given in bootstrap.servers")))
                        .kind())
                .isEqualTo(Kind.UNREACHABLE);
        assertThat(of(new InvalidReplicationFactorException("only 2 brokers")).kind())
                .isEqualTo(Kind.UNREACHABLE);
        assertThat(KafkaProblem.of(new RecordTooLargeException("x"), KAFKA)).isEmpty();
        assertThat(KafkaProblem.of(new ConfigException("sasl.mechanism", "x"), KAFKA))
                .isEmpty();
    }
}
