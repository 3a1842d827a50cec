package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * How to run the REST service.
 *
 * @param host the address to listen on
 * @param advertisedAddress where the other instances reach this one, as {@code host:port}
 * @param stateDirectory of this instance alone
 */
record ApiConfig(
        KafkaConnection kafka,
        String instance,
        String host,
        int port,
        String advertisedAddress,
        Path stateDirectory,
        int standbyReplicas,
        ClusterClock clock) {

    /** As Quarkus reads it. */
    Map<String, String> properties() {
        var properties = new TreeMap<String, String>();
        // What looks like an expression to Quarkus is a part of somebody's password.
        kafka.settings().forEach((name, value) -> properties.put("kafka." + name, value.replace("${", "\\${")));
        properties.putAll(Map.ofEntries(
                Map.entry("quarkus.http.host", host),
                Map.entry("quarkus.http.port", Integer.toString(port)),
                Map.entry("gpuctl.instance-id", instance),
                Map.entry("gpuctl.advertised-address", advertisedAddress),
                Map.entry("gpuctl.state-dir", stateDirectory.toString()),
                Map.entry("gpuctl.standby-replicas", Integer.toString(standbyReplicas)),
                Map.entry("gpuctl.clock.speed", Double.toString(clock.speed())),
                Map.entry("gpuctl.clock.wall-origin-ms", Long.toString(clock.wallOriginMs())),
                Map.entry("gpuctl.clock.cluster-origin-ms", Long.toString(clock.clusterOriginMs()))));
        return properties;
    }
}
