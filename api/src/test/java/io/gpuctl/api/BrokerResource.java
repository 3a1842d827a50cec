package io.gpuctl.api;

import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.events.kafka.TopicSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A real broker with our topics, for the application under test; in place of the orchestrator stands the test. */
public final class BrokerResource implements QuarkusTestResourceLifecycleManager {

    private static volatile EmbeddedBroker broker;
    private static volatile Path directory;

    @Override
    public Map<String, String> start() {
        try {
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
        return Map.of(
                "kafka.bootstrap.servers", broker.bootstrapServers(),
                "gpuctl.state-dir", directory.resolve("views").toString(),
                "gpuctl.events.heartbeat", "300ms",
                "gpuctl.events.ring-size", "16",
                "gpuctl.scheduler-run.timeout", "2s");
    }

    static String bootstrapServers() {
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
