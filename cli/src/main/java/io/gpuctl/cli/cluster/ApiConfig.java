package io.gpuctl.cli.cluster;

import io.gpuctl.events.ClusterClock;
import java.nio.file.Path;
import java.util.Map;

/**
 * How to run the REST service.
 *
 * @param host the address to listen on
 * @param advertisedAddress where the other instances reach this one, as {@code host:port}
 * @param stateDirectory of this instance alone
 */
record ApiConfig(
        String bootstrapServers,
        String instance,
        String host,
        int port,
        String advertisedAddress,
        Path stateDirectory,
        int standbyReplicas,
        ClusterClock clock) {

    /** As Quarkus reads it. */
    Map<String, String> properties() {
        return Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", bootstrapServers),
                Map.entry("quarkus.http.host", host),
                Map.entry("quarkus.http.port", Integer.toString(port)),
                Map.entry("gpuctl.instance-id", instance),
                Map.entry("gpuctl.advertised-address", advertisedAddress),
                Map.entry("gpuctl.state-dir", stateDirectory.toString()),
                Map.entry("gpuctl.standby-replicas", Integer.toString(standbyReplicas)),
                Map.entry("gpuctl.clock.speed", Double.toString(clock.speed())),
                Map.entry("gpuctl.clock.wall-origin-ms", Long.toString(clock.wallOriginMs())),
                Map.entry("gpuctl.clock.cluster-origin-ms", Long.toString(clock.clusterOriginMs())));
    }
}
