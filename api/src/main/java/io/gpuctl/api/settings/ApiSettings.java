package io.gpuctl.api.settings;

import io.gpuctl.events.ClusterClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The settings of this instance, from MicroProfile Config; the defaults are in {@code microprofile-config.properties}.
 */
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

    /** Returns the id of this instance, which is unique in the cluster, and the same at each start. */
    public String instanceId() {
        return instanceId;
    }

    /** Returns the host names that the service answers to, besides those of the loopback interface. */
    public List<String> allowedHosts() {
        return allowedHosts.orElse(List.of());
    }

    /** Returns the address at which clients and Prometheus reach this instance. */
    public HostAndPort publicAddress() {
        return HostAndPort.parse("gpuctl.advertised", publicAddress);
    }

    /** Returns the address on which the port for other instances listens. */
    public String internalHost() {
        return internalHost;
    }

    /** Returns the port for other instances; 0 for any free port. */
    public int internalPort() {
        return internalPort;
    }

    /** Returns the address at which other instances reach {@link #internalPort}. */
    public HostAndPort advertisedAddress() {
        return HostAndPort.parse("gpuctl.internal.advertised", advertisedAddress);
    }

    /**
     * Returns the secret with which instances authenticate to each other; without one, other machines have no access.
     */
    public Optional<String> internalSecret() {
        return internalSecret.filter(secret -> !secret.isBlank());
    }

    /** Returns the state directory, which no other instance may use. */
    public Path stateDirectory() {
        return Path.of(stateDirectory);
    }

    public int standbyReplicas() {
        return standbyReplicas;
    }

    /** Returns how long a request waits for the views, on any instance, before it is answered with 503. */
    public Duration viewsTimeout() {
        return viewsTimeout;
    }

    /**
     * Returns how long a request waits while the views move from one instance to another, before it is answered with
     * 503.
     */
    public Duration viewsMoveTimeout() {
        return viewsMoveTimeout;
    }

    /** Returns how long {@code POST /scheduler/run} waits for the orchestrator. */
    public Duration schedulerRunTimeout() {
        return schedulerRunTimeout;
    }

    /** Returns how many recent facts are kept for clients of {@code /events}. */
    public int eventRingSize() {
        return eventRingSize;
    }

    /** Returns how many clients may follow {@code /events} at a time. */
    public int eventClientsMax() {
        return eventClientsMax;
    }

    /** Returns how many connections clients may have at a time. */
    public int connectionsMax() {
        return connectionsMax;
    }

    /**
     * Returns the silence after which a client of {@code /events} gets a comment, so that proxies keep the connection.
     */
    public Duration eventHeartbeat() {
        return eventHeartbeat;
    }

    /** Returns the cluster's clock, based on this machine's clock: wall-clock time unless configured otherwise. */
    public ClusterClock clock() {
        var shared = ClusterClock.atSpeed(clockSpeed);
        return new ClusterClock(
                clockWallOriginMs.orElse(shared.wallOriginMs()),
                clockClusterOriginMs.orElse(shared.clusterOriginMs()),
                clockSpeed);
    }

    /** Returns whether wall-clock time comes from the Kafka cluster instead of this machine. */
    public boolean isClockOfBroker() {
        return clockOfBroker;
    }
}
