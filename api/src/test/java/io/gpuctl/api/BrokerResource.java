package io.gpuctl.api;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.TopicSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A real broker with gpuctl's topics for the application under test; the test acts as the orchestrator. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {

    static final int CONNECTIONS_MAX = 80;

    private static volatile EmbeddedBroker broker;
    private static volatile Path directory;
    private static volatile int internalPort;

    @Override
    public Map<String, String> start() {
        try {
            try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
                internalPort = socket.getLocalPort();
            }
            directory = Files.createTempDirectory("gpuctl-api-it");
            broker = EmbeddedBroker.start(EmbeddedBroker.Config.in(directory.resolve("broker")));
            try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
                TopicSetup.ensureTopics(admin);
            }
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return Map.ofEntries(
                Map.entry("kafka.bootstrap.servers", broker.bootstrapServers()),
                Map.entry("gpuctl.state-dir", directory.resolve("views").toString()),
                Map.entry("gpuctl.advertised", "api.example:8080"),
                Map.entry("gpuctl.allowed-hosts", "friend.example,0.0.0.0"),
                Map.entry("gpuctl.internal.port", Integer.toString(internalPort)),
                Map.entry("gpuctl.connections.max", Integer.toString(CONNECTIONS_MAX)),
                Map.entry("gpuctl.connections.request-timeout", "2s"),
                Map.entry("gpuctl.events.heartbeat", "300ms"),
                Map.entry("gpuctl.events.ring-size", "16"),
                Map.entry("gpuctl.scheduler-run.timeout", "2s"));
    }

    static int internalPort() {
        return internalPort;
    }

    public static String bootstrapServers() {
        return broker.bootstrapServers();
    }

    static void stopBroker() {
        broker.close();
    }

    static void restartBroker() {
        int port = Integer.parseInt(broker.bootstrapServers().split(":", -1)[1]);
        broker = EmbeddedBroker.start(new EmbeddedBroker.Config(directory.resolve("broker"), port));
    }

    @Override
    public void stop() {
        broker.close();
    }
}
