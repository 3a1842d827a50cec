package io.gpuctl.cli.cluster;

import io.gpuctl.cli.cluster.InternalOptions.InternalPort;
import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.WallTime;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of the REST service.
 *
 * @param host the address to listen on
 * @param advertisedHost the name under which clients and Prometheus reach the port
 * @param allowedHosts the host names that the service accepts, besides those of the loopback interface
 * @param internal the port for other instances
 * @param connectionsMax the maximum number of concurrent HTTP connections
 * @param drain how long the service still answers after it was told to stop
 * @param stateDirectory the directory of this instance alone
 */
record ApiConfig(
        KafkaConnection kafka,
        String instance,
        String host,
        int port,
        String advertisedHost,
        List<String> allowedHosts,
        InternalPort internal,
        int connectionsMax,
        Duration drain,
        Path stateDirectory,
        int standbyReplicas,
        ClusterClock clock) {

    private static final String BACKSLASH = "gpuctl.backslash";
    private static final Pattern BEFORE_DOLLAR = Pattern.compile("\\\\*\\$");

    /** Returns the configuration as Quarkus properties. */
    Map<String, String> properties() {
        var properties = new TreeMap<String, String>();
        kafka.settings().forEach((name, value) -> properties.put("kafka." + name, literal(value)));
        properties.putAll(Map.ofEntries(
                Map.entry("quarkus.http.host", host),
                Map.entry("quarkus.http.port", Integer.toString(port)),
                Map.entry("gpuctl.advertised", advertisedHost + ":" + port),
                Map.entry("gpuctl.instance-id", instance),
                Map.entry("gpuctl.allowed-hosts", String.join(",", allowedHosts)),
                Map.entry("gpuctl.internal.host", internal.host()),
                Map.entry("gpuctl.internal.port", Integer.toString(internal.port())),
                Map.entry("gpuctl.internal.advertised", internal.advertised()),
                Map.entry("gpuctl.connections.max", Integer.toString(connectionsMax)),
                Map.entry("gpuctl.state-dir", stateDirectory.toString()),
                Map.entry("gpuctl.standby-replicas", Integer.toString(standbyReplicas)),
                Map.entry("gpuctl.clock.speed", Double.toString(clock.speed())),
                Map.entry(
                        "gpuctl.clock.of-broker",
                        Boolean.toString(!clock.wallTime().equals(WallTime.SYSTEM))),
                Map.entry("gpuctl.clock.wall-origin-ms", Long.toString(clock.wallOriginMs())),
                Map.entry("gpuctl.clock.cluster-origin-ms", Long.toString(clock.clusterOriginMs()))));
        internal.secret().ifPresent(secret -> properties.put("gpuctl.internal.secret", literal(secret)));
        properties.put(BACKSLASH, "\\");
        return properties;
    }

    /**
     * Escapes a value so that Quarkus' configuration returns it unchanged: what looks like an expression is part of a
     * password. {@code $$} is an escaped dollar. A backslash before the dollar would be lost, so a property supplies
     * it.
     */
    private static String literal(String value) {
        return BEFORE_DOLLAR
                .matcher(value)
                .replaceAll(run -> Matcher.quoteReplacement(
                        ("${" + BACKSLASH + "}").repeat(run.group().length() - 1) + "$$"));
    }
}
