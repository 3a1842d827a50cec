package io.gpuctl.broker;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may use the embedded broker: whoever knows the password of its data directory, or everybody on this machine. The
 * loopback interface keeps other machines out, but not the other users of this one.
 *
 * <p>The password is made at the first start and kept, so that services in other processes reach a broker that was started
 * again. It goes over the wire in the clear (SASL PLAIN): a program that takes the port while the broker is away could
 * learn it from a client that looks for the broker. Without the file of client settings the next start makes another one.
 */
sealed interface Access {

    /** Kafka's settings for the two listeners. */
    Map<String, String> brokerSettings(String brokerListener, String controllerListener);

    /** Kafka's settings for a client, without the address. */
    Map<String, String> clientSettings();

    /** Everybody on this machine. */
    record Open() implements Access {
        @Override
        public Map<String, String> brokerSettings(String brokerListener, String controllerListener) {
            return Map.of("listener.security.protocol.map", protocols("PLAINTEXT", brokerListener, controllerListener));
        }

        @Override
        public Map<String, String> clientSettings() {
            return Map.of();
        }
    }

    /** Who knows the password. */
    record Password(String password) implements Access {
        private static final String USER = "gpuctl";
        private static final String MECHANISM = "PLAIN";
        private static final String PROTOCOL = "SASL_PLAINTEXT";
        private static final int PASSWORD_BYTES = 32;

        private static final Pattern PASSWORD = Pattern.compile("\\bpassword=\"([A-Za-z0-9_-]{40,})\"");

        /** The password of client settings; empty if there is none that this class made. */
        static Optional<Password> of(Map<String, String> clientSettings) {
            var found = PASSWORD.matcher(clientSettings.getOrDefault("sasl.jaas.config", ""));
            return found.find() ? Optional.of(new Password(found.group(1))) : Optional.empty();
        }

        /** A password that nobody can guess. */
        static Password random() {
            var bytes = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bytes);
            return new Password(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }

        /** The controller's listener asks for it too: through it topics could be deleted and settings changed. */
        @Override
        public Map<String, String> brokerSettings(String brokerListener, String controllerListener) {
            String accepts = login() + " user_%s=\"%s\";".formatted(USER, password);
            return Map.of(
                    "listener.security.protocol.map",
                    protocols(PROTOCOL, brokerListener, controllerListener),
                    "sasl.enabled.mechanisms",
                    MECHANISM,
                    "sasl.mechanism.inter.broker.protocol",
                    MECHANISM,
                    "sasl.mechanism.controller.protocol",
                    MECHANISM,
                    jaasConfig(brokerListener),
                    accepts,
                    jaasConfig(controllerListener),
                    accepts);
        }

        @Override
        public Map<String, String> clientSettings() {
            return Map.of(
                    "security.protocol", PROTOCOL, "sasl.mechanism", MECHANISM, "sasl.jaas.config", login() + ";");
        }

        private String login() {
            return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\""
                    .formatted(USER, password);
        }

        private static String jaasConfig(String listener) {
            return "listener.name.%s.plain.sasl.jaas.config".formatted(listener.toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return "Password";
        }
    }

    private static String protocols(String protocol, String brokerListener, String controllerListener) {
        return "%s:%s,%s:%s".formatted(brokerListener, protocol, controllerListener, protocol);
    }
}
