package io.gpuctl.deploy.containers;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.lifecycle.Startables;

/**
 * Runs services of a {@link ComposeFile} in containers, and starts and breaks them one by one, without Docker's compose
 * plugin. Brokers have an additional listener for this JVM.
 */
final class ComposeStack implements AutoCloseable {
    private static final int API_PORT = 8080;
    private static final String KAFKA_USER = "1000";
    private static final String KAFKA_DATA = "/var/lib/kafka/data";
    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration TOOL_LIMIT = Duration.ofMinutes(3);

    /** The setting that makes the brokers' client listener require a password. */
    private static final String SECURED = "KAFKA_LISTENER_NAME_CLIENT_SCRAM___SHA___512_SASL_JAAS_CONFIG";

    private final ComposeFile file;
    private final Network network = ContainerRun.newNetwork();
    private final SequencedMap<String, GenericContainer<?>> containers = new LinkedHashMap<>();
    private final List<String> brokers = new ArrayList<>();
    private final Map<String, URI> apis = new HashMap<>();

    /** The containers that keep a broker's disk mounted while the broker is down, and fill the disk, by broker. */
    private final Map<String, GenericContainer<?>> disks = new HashMap<>();

    ComposeStack(ComposeFile file) {
        ContainerRun.run(ComposeFile.DIRECTORY.resolve("make-secrets").toString());
        this.file = file;
    }

    /** Starts services together, and waits until all are healthy. */
    void start(String... names) {
        for (String name : names) {
            containers.put(name, container(file.service(name)));
        }
        Startables.deepStart(List.of(names).stream().map(this::container)).join();
    }

    /** Starts a service that cannot be healthy yet. */
    void startUnready(String name) {
        containers.put(name, container(file.service(name)).waitingFor(new WaitForNothing()));
        container(name).start();
    }

    /** Gives a broker that has not been started a disk of its own. */
    void addDisk(String broker, int mebibytes) {
        var options =
                Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=%dm,uid=%s".formatted(mebibytes, KAFKA_USER));
        ContainerRun.newVolume(diskName(broker), options);
        GenericContainer<?> keeper = ContainerRun.newGpuctl().waitingFor(new WaitForNothing());
        keeper.withCreateContainerCmdModifier(create -> {
            create.withEntrypoint("sleep", "infinity").withUser(KAFKA_USER);
            create.getHostConfig().withBinds(disk(broker));
        });
        keeper.start();
        disks.put(broker, keeper);
    }

    private Bind disk(String broker) {
        return new Bind(diskName(broker), new Volume(KAFKA_DATA));
    }

    private String diskName(String broker) {
        return "gpuctl-test-%s-%s".formatted(network.getId(), broker);
    }

    /** Fills the disk to the last byte. Returns when the broker has ended; Docker restarts it repeatedly. */
    void fillDisk(String broker) {
        onDisk(broker, "dd if=/dev/zero bs=64k of=%s/filler || true".formatted(KAFKA_DATA));
        await(broker + " ends")
                .atMost(TOOL_LIMIT)
                .until(() -> ContainerRun.docker()
                                .inspectContainerCmd(container(broker).getContainerId())
                                .exec()
                                .getRestartCount()
                        > 0);
    }

    void freeDisk(String broker) {
        onDisk(broker, "rm %s/filler".formatted(KAFKA_DATA));
    }

    private void onDisk(String broker, String command) {
        try {
            Container.ExecResult result =
                    requireNonNull(disks.get(broker), broker).execInContainer("sh", "-c", command);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException("%s: %s".formatted(command, result.getStderr()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs a service until it ends by itself. Returns its output; throws if it failed. */
    String runOnce(String name) {
        return runOnce(container(file.service(name)));
    }

    /** Runs a gpuctl command to its end, in a container of its own. Returns its output; throws if it failed. */
    String run(String... command) {
        return runOnce(container(file.service("gpuctl")).withCommand(command));
    }

    private static String runOnce(GenericContainer<?> container) {
        var output = new ToStringConsumer();
        try (container) {
            container
                    .withLogConsumer(output)
                    .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(TOOL_LIMIT))
                    .waitingFor(new WaitForNothing())
                    .start();
            return container.getLogs();
        } catch (ContainerLaunchException e) {
            throw new IllegalStateException(
                    "%s failed:%n%s".formatted(List.of(container.getCommandParts()), output.toUtf8String()), e);
        }
    }

    /** Does not wait, since the command ends by itself. */
    private static final class WaitForNothing extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }

    GenericContainer<?> container(String name) {
        GenericContainer<?> container = containers.get(name);
        if (container == null) {
            throw new IllegalArgumentException("%s is not started, but %s are".formatted(name, containers.keySet()));
        }
        return container;
    }

    private GenericContainer<?> container(ComposeFile.Service service) {
        boolean isKafka = service.image().contains("KAFKA_IMAGE");
        GenericContainer<?> container = isKafka
                ? ContainerRun.ownKafka(new GenericContainer<>(ContainerRun.kafka()))
                : ContainerRun.newGpuctl();
        container
                .withNetwork(network)
                .withNetworkAliases(service.name())
                .withEnv(service.environment())
                .withCommand(service.command().toArray(String[]::new))
                .waitingFor(new UntilHealthy())
                .withStartupTimeout(START_LIMIT)
                .withCreateContainerCmdModifier(create -> {
                    create.withHostName(service.name());
                    HostConfig host = create.getHostConfig();
                    host.withReadonlyRootfs(service.isReadOnly())
                            .withMemory(service.memoryBytes())
                            .withDnsOptions(service.dnsOptions())
                            .withRestartPolicy(service.restart());
                    if (service.isReadOnly()) {
                        host.withTmpFs(Map.of("/tmp", "")).withCapDrop(Capability.ALL);
                    }
                    if (!service.healthTest().isEmpty()) {
                        create.withHealthcheck(new HealthCheck()
                                .withTest(service.healthTest())
                                .withInterval(HEALTH_INTERVAL.toNanos())
                                .withRetries((int) START_LIMIT.dividedBy(HEALTH_INTERVAL)));
                    }
                });
        service.mounts()
                .forEach((path, source) -> container.withFileSystemBind(source.toString(), path, BindMode.READ_ONLY));
        if (disks.containsKey(service.name())) {
            container.withCreateContainerCmdModifier(
                    create -> create.getHostConfig().withBinds(disk(service.name())));
        }
        if (service.environment().containsKey("KAFKA_NODE_ID")) {
            addListener(service, container);
        } else if (service.command().contains("api")) {
            int port = freePort();
            apis.put(service.name(), URI.create("http://127.0.0.1:" + port));
            bind(container, port, API_PORT);
        }
        return container;
    }

    private void addListener(ComposeFile.Service service, GenericContainer<?> container) {
        int port = freePort();
        brokers.add("127.0.0.1:" + port);
        append(service, container, "KAFKA_LISTENERS", "TEST://:" + port);
        append(service, container, "KAFKA_ADVERTISED_LISTENERS", "TEST://127.0.0.1:" + port);
        if (service.environment().containsKey(SECURED)) {
            append(service, container, "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "TEST:SASL_SSL");
            container.addEnv("KAFKA_LISTENER_NAME_TEST_SSL_CLIENT_AUTH", "none");
            container.addEnv(
                    SECURED.replace("CLIENT", "TEST"), service.environment().get(SECURED));
        } else {
            append(service, container, "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "TEST:PLAINTEXT");
        }
        bind(container, port, port);
    }

    /** Binds a container's port to a port of this machine that stays the same after restarts. */
    private static void bind(GenericContainer<?> container, int port, int portInContainer) {
        container.addExposedPort(portInContainer);
        container.withCreateContainerCmdModifier(create -> create.getHostConfig()
                .withPortBindings(PortBinding.parse("127.0.0.1:%d:%d".formatted(port, portInContainer))));
    }

    private static void append(ComposeFile.Service service, GenericContainer<?> container, String name, String more) {
        container.addEnv(name, service.environment().get(name) + "," + more);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the addresses under which this JVM reaches the brokers. */
    String brokers() {
        return String.join(",", brokers);
    }

    URI api(String name) {
        return requireNonNull(apis.get(name), name);
    }

    void kill(String name) {
        ContainerRun.docker().killContainerCmd(container(name).getContainerId()).exec();
    }

    /** Restarts a killed service. */
    void restart(String name) {
        ContainerRun.docker()
                .startContainerCmd(container(name).getContainerId())
                .exec();
    }

    void pause(String name) {
        ContainerRun.docker()
                .pauseContainerCmd(container(name).getContainerId())
                .exec();
    }

    void resume(String name) {
        ContainerRun.docker()
                .unpauseContainerCmd(container(name).getContainerId())
                .exec();
    }

    /** Disconnects a service from the network; the service continues to run. */
    void cutOff(String name) {
        ContainerRun.docker()
                .disconnectFromNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(container(name).getContainerId())
                .exec();
    }

    void reconnect(String name) {
        ContainerRun.docker()
                .connectToNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(container(name).getContainerId())
                .withContainerNetwork(new ContainerNetwork().withAliases(name))
                .exec();
    }

    @Override
    public void close() {
        containers.sequencedValues().reversed().forEach(GenericContainer::stop);
        disks.forEach((broker, keeper) -> {
            keeper.stop();
            ContainerRun.docker().removeVolumeCmd(diskName(broker)).exec();
        });
        network.close();
    }
}
