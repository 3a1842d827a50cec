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
 * The connection to a Kafka cluster: its addresses, and what its listeners require of a client (TLS, SASL). The
 * settings of every producer, consumer, admin client and Streams app begin with {@link #with}, so that all clients can
 * reach a secured cluster.
 *
 * @param settings Kafka's own names ({@code bootstrap.servers}, {@code security.protocol}, {@code sasl.jaas.config},
 *     ...); passwords may be among them
 */
public record KafkaConnection(Map<String, String> settings) {
    private static final Pattern USER = Pattern.compile("\\busername\\s*=\\s*\"([^\"]*)\"");

    /**
     * The time that the services wait for one answer of a broker before they ask another broker, ms. A broker that
     * hangs or has lost its network gives no sign. Other brokers take over after about eight seconds, and a client that
     * starts again may ask the broker that hangs several times. Kafka's default is 30 s.
     */
    public static final int REQUEST_TIMEOUT_MS = 10_000;

    /** The prefixes of the names of connection settings. */
    private static final List<String> PREFIXES =
            List.of("bootstrap.", "client.dns.", "sasl.", "security.", "socket.", "ssl.");

    /**
     * @throws IllegalArgumentException if the settings name no addresses, or contain settings that are not about a
     *     connection
     */
    public KafkaConnection {
        settings = Map.copyOf(settings);
        for (String name : settings.keySet()) {
            if (!isConnectionSetting(name)) {
                throw new IllegalArgumentException("%s is not a connection setting: the name must begin with one of %s"
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
     * Returns a connection to a cluster that requires nothing of its clients.
     *
     * @param bootstrapServers {@code host:port[,host:port]}
     */
    public static KafkaConnection of(String bootstrapServers) {
        return new KafkaConnection(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Reads a Java properties file, as Kafka's own command-line tools do. A value may refer to a file, a directory of
     * files or the environment through Kafka's config providers; the settings then hold the current value.
     *
     * @param more settings that override the file's
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if neither the file nor {@code more} names the addresses, the file is not a
     *     properties file, or a reference leads nowhere
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

    /**
     * Returns whether a setting is about the connection to a cluster, not about what a client does there (its group,
     * its offsets).
     */
    public static boolean isConnectionSetting(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith);
    }

    /** Returns the addresses: {@code host:port[,host:port]}. */
    public String bootstrapServers() {
        return settings.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
    }

    /**
     * Returns a client's settings: those of the connection, overridden by the client's own. The caller may change the
     * map.
     */
    public Map<String, Object> with(Map<String, ?> own) {
        var all = new HashMap<String, Object>(settings);
        all.putAll(own);
        return all;
    }

    /**
     * Returns the settings by name, for people.
     *
     * @param hidden the text that replaces each secret, and each setting that Kafka does not know, because it may be a
     *     secret
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

    /** Returns the user as whom the broker knows this client, for messages. */
    public String principal() {
        Matcher user = USER.matcher(settings.getOrDefault(SaslConfigs.SASL_JAAS_CONFIG, ""));
        if (user.find()) {
            return "the user " + user.group(1);
        }
        return settings.containsKey(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG)
                ? "the client with the certificate in " + settings.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG)
                : "a client without a user";
    }

    /** Returns only the addresses: a password must not get into a message. */
    @Override
    public String toString() {
        return bootstrapServers();
    }
}
