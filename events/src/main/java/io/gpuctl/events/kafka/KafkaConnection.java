package io.gpuctl.events.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/**
 * How a Kafka cluster is reached: its addresses, and what its listeners ask of a client (TLS, SASL). The settings of every
 * producer, consumer, admin client and Streams app begin with {@link #with}, so that each of them reaches a secured cluster.
 *
 * @param settings Kafka's own names ({@code bootstrap.servers}, {@code security.protocol}, {@code sasl.jaas.config}, ...);
 *     passwords may be among them
 */
public record KafkaConnection(Map<String, String> settings) {
    private static final Pattern USER = Pattern.compile("\\busername\\s*=\\s*\"([^\"]*)\"");

    /**
     * How long the Streams apps wait for one answer of a broker before they ask another, in milliseconds. A broker that hangs, or whose
     * machine has lost its network, does not say so; others have taken over after some eight seconds, and a client that begins anew may
     * ask the one that hangs several times. Kafka's default is 30 s.
     */
    public static final int REQUEST_TIMEOUT_MS = 10_000;

    /** What the names of a connection's settings begin with. */
    private static final List<String> PREFIXES =
            List.of("bootstrap.", "client.dns.", "sasl.", "security.", "socket.", "ssl.");

    /** @throws IllegalArgumentException if the settings name no addresses, or are of more than a connection */
    public KafkaConnection {
        settings = Map.copyOf(settings);
        for (String name : settings.keySet()) {
            if (!isConnectionSetting(name)) {
                throw new IllegalArgumentException(
                        "%s is no setting of a connection: allowed are names that begin with %s"
                                .formatted(name, String.join(", ", PREFIXES)));
            }
        }
        if (settings.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "")
                .isBlank()) {
            throw new IllegalArgumentException(
                    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG + " is missing, but must be HOST:PORT");
        }
    }

    /**
     * A cluster that asks nothing of its clients.
     *
     * @param bootstrapServers {@code host:port[,host:port]}
     */
    public static KafkaConnection of(String bootstrapServers) {
        return new KafkaConnection(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Reads a Java properties file, as Kafka's own command-line tools take it. A value may refer to a file, a directory of
     * files or the environment by Kafka's config providers; the settings then hold what stands there now.
     *
     * @param more settings that win over the file's
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if neither names the addresses, the file is no properties file, or what it refers
     *     to is not there
     */
    public static KafkaConnection read(Path file, Map<String, String> more) throws IOException {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        var settings = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        settings.putAll(more);
        return new KafkaConnection(SettingReferences.resolved(settings));
    }

    /** Whether a setting is about how a cluster is reached, not about what a client does there (its group, its offsets). */
    public static boolean isConnectionSetting(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith);
    }

    /** {@code host:port[,host:port]}. */
    public String bootstrapServers() {
        return settings.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
    }

    /** A client's settings: the connection's, and its own, which win. The caller may change the map. */
    public Map<String, Object> with(Map<String, ?> own) {
        var all = new HashMap<String, Object>(settings);
        all.putAll(own);
        return all;
    }

    /**
     * The settings by name, for people.
     *
     * @param hidden what stands in place of each secret, and of each setting that Kafka does not know and that may be one
     */
    public SortedMap<String, String> shown(String hidden) {
        var known = AdminClientConfig.configDef().configKeys();
        var shown = new TreeMap<String, String>();
        settings.forEach((name, value) -> {
            ConfigDef.ConfigKey key = known.get(name);
            shown.put(name, key == null || key.type() == ConfigDef.Type.PASSWORD ? hidden : value);
        });
        return shown;
    }

    /** As whom the broker knows its client, for messages. */
    public String principal() {
        Matcher user = USER.matcher(settings.getOrDefault(SaslConfigs.SASL_JAAS_CONFIG, ""));
        if (user.find()) {
            return "the user " + user.group(1);
        }
        return settings.containsKey(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG)
                ? "the client with the certificate in " + settings.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG)
                : "a client without a user";
    }

    /** The addresses alone: a password must not get into a message. */
    @Override
    public String toString() {
        return bootstrapServers();
    }
}
