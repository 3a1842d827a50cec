package io.gpuctl.api.settings;

import io.gpuctl.events.ClusterClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The settings of this instance, from MicroProfile Config; the defaults stand in {@code microprofile-config.properties}. */
@ApplicationScoped
public class ApiSettings {

    @ConfigProperty(name = "gpuctl.instance-id")
    String instanceId = "";

    @ConfigProperty(name = "gpuctl.advertised-address")
    Optional<String> advertisedAddress = Optional.empty();

    @ConfigProperty(name = "quarkus.http.port")
    int httpPort;

    @ConfigProperty(name = "gpuctl.state-dir")
    String stateDirectory = "";

    @ConfigProperty(name = "gpuctl.standby-replicas")
    int standbyReplicas;

    @ConfigProperty(name = "gpuctl.clock.speed")
    double clockSpeed;

    @ConfigProperty(name = "gpuctl.clock.wall-origin-ms")
    Optional<Long> clockWallOriginMs = Optional.empty();

    @ConfigProperty(name = "gpuctl.clock.cluster-origin-ms")
    Optional<Long> clockClusterOriginMs = Optional.empty();

    @ConfigProperty(name = "gpuctl.views.timeout")
    Duration viewsTimeout = Duration.ZERO;

    @ConfigProperty(name = "gpuctl.scheduler-run.timeout")
    Duration schedulerRunTimeout = Duration.ZERO;

    @ConfigProperty(name = "gpuctl.events.ring-size")
    int eventRingSize;

    @ConfigProperty(name = "gpuctl.events.clients-max")
    int eventClientsMax;

    @ConfigProperty(name = "gpuctl.events.heartbeat")
    Duration eventHeartbeat = Duration.ZERO;

    /** Different for every instance of a cluster, and the same at each of its starts. */
    public String instanceId() {
        return instanceId;
    }

    /** Where the other instances reach this one. */
    public HostAndPort advertisedAddress() {
        return advertisedAddress.map(HostAndPort::parse).orElseGet(() -> new HostAndPort("localhost", httpPort));
    }

    /** Of this instance alone. */
    public Path stateDirectory() {
        return Path.of(stateDirectory);
    }

    public int standbyReplicas() {
        return standbyReplicas;
    }

    /** How long a request waits for the views, here or elsewhere, before it is answered with 503. */
    public Duration viewsTimeout() {
        return viewsTimeout;
    }

    /** How long {@code POST /scheduler/run} waits for the orchestrator. */
    public Duration schedulerRunTimeout() {
        return schedulerRunTimeout;
    }

    /** How many recent facts are kept for clients of {@code /events}. */
    public int eventRingSize() {
        return eventRingSize;
    }

    /** How many clients may listen to {@code /events} at once. */
    public int eventClientsMax() {
        return eventClientsMax;
    }

    /** After so much silence a client of {@code /events} gets a comment, so that proxies keep the connection. */
    public Duration eventHeartbeat() {
        return eventHeartbeat;
    }

    /** The cluster's clock: wall-clock time unless configured otherwise. */
    @Produces
    @Singleton
    ClusterClock clock() {
        var shared = ClusterClock.atSpeed(clockSpeed);
        return new ClusterClock(
                clockWallOriginMs.orElse(shared.wallOriginMs()),
                clockClusterOriginMs.orElse(shared.clusterOriginMs()),
                clockSpeed);
    }
}
