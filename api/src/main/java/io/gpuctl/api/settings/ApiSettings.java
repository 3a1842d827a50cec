package io.gpuctl.api.settings;

import io.gpuctl.events.ClusterClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The settings of this instance, from MicroProfile Config; the defaults stand in {@code microprofile-config.properties}. */
@ApplicationScoped
public class ApiSettings {

    @ConfigProperty(name = "gpuctl.instance-id")
    String instanceId = "";

    @ConfigProperty(name = "gpuctl.allowed-hosts")
    Optional<List<String>> allowedHosts = Optional.empty();

    @ConfigProperty(name = "gpuctl.advertised")
    String publicAddress = "";

    @ConfigProperty(name = "gpuctl.internal.host")
    String internalHost = "";

    @ConfigProperty(name = "gpuctl.internal.port")
    int internalPort;

    @ConfigProperty(name = "gpuctl.internal.advertised")
    String advertisedAddress = "";

    @ConfigProperty(name = "gpuctl.internal.secret")
    Optional<String> internalSecret = Optional.empty();

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

    @ConfigProperty(name = "gpuctl.clock.of-broker")
    boolean clockOfBroker;

    @ConfigProperty(name = "gpuctl.views.timeout")
    Duration viewsTimeout = Duration.ZERO;

    @ConfigProperty(name = "gpuctl.views.move-timeout")
    Duration viewsMoveTimeout = Duration.ZERO;

    @ConfigProperty(name = "gpuctl.scheduler-run.timeout")
    Duration schedulerRunTimeout = Duration.ZERO;

    @ConfigProperty(name = "gpuctl.events.ring-size")
    int eventRingSize;

    @ConfigProperty(name = "gpuctl.events.clients-max")
    int eventClientsMax;

    @ConfigProperty(name = "gpuctl.connections.max")
    int connectionsMax;

    @ConfigProperty(name = "gpuctl.events.heartbeat")
    Duration eventHeartbeat = Duration.ZERO;

    /** Different for every instance of a cluster, and the same at each of its starts. */
    public String instanceId() {
        return instanceId;
    }

    /** The names under which we answer, besides those of the loopback interface. */
    public List<String> allowedHosts() {
        return allowedHosts.orElse(List.of());
    }

    /** Where clients, and Prometheus, reach this instance. */
    public HostAndPort publicAddress() {
        return HostAndPort.parse("gpuctl.advertised", publicAddress);
    }

    /** The address that the port for other instances is on. */
    public String internalHost() {
        return internalHost;
    }

    /** The port for other instances; 0 for any free one. */
    public int internalPort() {
        return internalPort;
    }

    /** Where the other instances reach {@link #internalPort}. */
    public HostAndPort advertisedAddress() {
        return HostAndPort.parse("gpuctl.internal.advertised", advertisedAddress);
    }

    /** What the instances show to one another; without one nobody else's machine may ask. */
    public Optional<String> internalSecret() {
        return internalSecret.filter(secret -> !secret.isBlank());
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

    /** How long a request waits while the views move from one instance to another, before it is answered with 503. */
    public Duration viewsMoveTimeout() {
        return viewsMoveTimeout;
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

    /** How many connections clients may have at a time. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /** After so much silence a client of {@code /events} gets a comment, so that proxies keep the connection. */
    public Duration eventHeartbeat() {
        return eventHeartbeat;
    }

    /** The cluster's clock by this machine's: wall-clock time unless configured otherwise. */
    public ClusterClock clock() {
        var shared = ClusterClock.atSpeed(clockSpeed);
        return new ClusterClock(
                clockWallOriginMs.orElse(shared.wallOriginMs()),
                clockClusterOriginMs.orElse(shared.clusterOriginMs()),
                clockSpeed);
    }

    /** Whether wall-clock time is the Kafka cluster's, and not this machine's. */
    public boolean isClockOfBroker() {
        return clockOfBroker;
    }
}
