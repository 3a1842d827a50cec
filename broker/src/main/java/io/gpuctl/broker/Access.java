package io.gpuctl.broker;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The clients that may use the embedded broker: clients that know the password of its data directory, or all users of
 * this machine. The loopback interface keeps other machines out, but not the other users of this machine.
 *
 * <p>The password is generated at the first start and kept, so that services in other processes can reach the broker
 * after a restart. Clients send the password in clear text (SASL PLAIN): a program that takes the port while the broker
 * is down could learn the password from a client that looks for the broker. If the file of client settings is missing,
 * the next start generates a new password.
 */
sealed interface Access {

    /** Returns Kafka's settings for the two listeners. */
    Map<String, String> brokerSettings(String brokerListener, String controllerListener);

    /** Returns Kafka's settings for a client, without the address. */
    Map<String, String> clientSettings();

    /** Access for all users of this machine. */
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

    /** Access for clients that know the password. */
    record Password(String password) implements Access {
        private static final String USER = "gpuctl";
        private static final String MECHANISM = "PLAIN";
        private static final String PROTOCOL = "SASL_PLAINTEXT";
        private static final int PASSWORD_BYTES = 32;

        private static final Pattern PASSWORD = Pattern.compile("\\bpassword=\"([A-Za-z0-9_-]{40,})\"");

        /** Returns the password in client settings; empty if they have none that this class generated. */
        static Optional<Password> of(Map<String, String> clientSettings) {
            var found = PASSWORD.matcher(clientSettings.getOrDefault("sasl.jaas.config", ""));
            return found.find() ? Optional.of(new Password(found.group(1))) : Optional.empty();
        }

        /** Returns a random password that cannot be guessed. */
        static Password random() {
            var bytes = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(bytes);
            return new Password(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }

        /**
         * The controller's listener requires the password too: otherwise clients could delete topics and change
         * settings there.
         */
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
