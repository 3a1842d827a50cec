package io.gpuctl.events.kafka;

import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/**
 * A problem between a client and its Kafka cluster, derived from an exception, for the person who can solve it.
 *
 * @param text what is wrong, for which user, and what to do; without the address
 */
public record KafkaProblem(Kind kind, String text) {

    /** The kind of a problem; only the first kind may pass by itself. */
    public enum Kind {
        /** No broker answers, or not enough brokers do. */
        UNREACHABLE,
        /** The broker does not accept the client's identity, or the client does not accept the broker's. */
        NOT_AUTHENTICATED,
        /** The broker accepts the client's identity but refuses the request. */
        NOT_AUTHORIZED,
        /** The topics are not as gpuctl needs them. */
        UNSUITABLE
    }

    private static final String UNTRUSTED = "the broker's certificate is not signed by an authority that this"
            + " client trusts. Check ssl.truststore.location and ssl.truststore.type in --kafka-config.";
    private static final String RIGHTS = "gpuctl kafka acls shows the rights that each user needs";

    /** Returns the problem behind a failure; empty if the failure is not such a problem. */
    public static Optional<KafkaProblem> of(Throwable failure, KafkaConnection kafka) {
        List<Throwable> chain = chain(failure);
        for (Throwable cause : chain) {
            Optional<KafkaProblem> found = switch (cause) {
                case TopicSetup.TopicMismatchException mismatch ->
                    found(
                            mismatch.isRefused() ? Kind.NOT_AUTHORIZED : Kind.UNSUITABLE,
                            mismatch.messageFor(kafka.principal()));
                case SslAuthenticationException _ -> found(Kind.NOT_AUTHENTICATED, tls(chain, kafka));
                case AuthenticationException refused ->
                    found(
                            Kind.NOT_AUTHENTICATED,
                            "%s is refused (%s). Check the user and the password in --kafka-config."
                                    .formatted(kafka.principal(), sentence(refused)));
                case AuthorizationException refused -> found(Kind.NOT_AUTHORIZED, rights(refused, kafka));
                case InvalidReplicationFactorException few ->
                    found(Kind.UNREACHABLE, "too few brokers are running (%s)".formatted(sentence(few)));
                case TimeoutException _, DisconnectException _, BrokerNotAvailableException _ ->
                    found(Kind.UNREACHABLE, "it does not answer");
                case UnknownHostException _ -> found(Kind.UNREACHABLE, "its host name cannot be resolved");
                case ConfigException wrong
                when String.valueOf(wrong.getMessage()).startsWith("No resolvable bootstrap urls") ->
                    found(Kind.UNREACHABLE, "its host name cannot be resolved");
                default -> Optional.empty();
            };
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<KafkaProblem> found(Kind kind, String text) {
        return Optional.of(new KafkaProblem(kind, text));
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static String tls(List<Throwable> chain, KafkaConnection kafka) {
        for (Throwable cause : chain.reversed()) {
            switch (cause) {
                case CertificateExpiredException expired -> {
                    return "the broker's certificate has expired (%s). Give the brokers a new one."
                            .formatted(sentence(expired));
                }
                case CertificateNotYetValidException early -> {
                    return "the broker's certificate is not valid yet (%s). Check this machine's clock."
                            .formatted(sentence(early));
                }
                case CertPathBuilderException _ -> {
                    return UNTRUSTED;
                }
                // An authority of the same name with another key: the authority was renewed.
                case CertPathValidatorException invalid
                when invalid.getReason() == CertPathValidatorException.BasicReason.INVALID_SIGNATURE -> {
                    return UNTRUSTED;
                }
                default -> {}
            }
        }
        return "the TLS connection of %s failed (%s). Check security.protocol and ssl.* in --kafka-config."
                .formatted(
                        kafka.principal(),
                        chain.stream()
                                .filter(SSLException.class::isInstance)
                                .reduce((_, deeper) -> deeper)
                                .map(KafkaProblem::sentence)
                                .orElseGet(() -> sentence(chain.getLast())));
    }

    private static String rights(AuthorizationException refused, KafkaConnection kafka) {
        String what = switch (refused) {
            case TopicAuthorizationException topics
            when !topics.unauthorizedTopics().isEmpty() ->
                "read or write " + (topics.unauthorizedTopics().size() == 1 ? "the topic " : "the topics ")
                        + String.join(
                                ", ",
                                topics.unauthorizedTopics().stream().sorted().toList());
            case GroupAuthorizationException group
            when group.groupId() != null -> "use the consumer group " + group.groupId();
            case TransactionalIdAuthorizationException _ -> "use its transactional id";
            default -> "do this";
        };
        return "%s may not %s (%s). An administrator must grant the right; %s."
                .formatted(kafka.principal(), what, sentence(refused), RIGHTS);
    }

    /** Returns the failure's message as one line, without a full stop. */
    private static String sentence(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        String first = message.lines().findFirst().orElse("").strip();
        return first.isEmpty() ? failure.getClass().getSimpleName() : first.replaceFirst("\\.$", "");
    }
}
