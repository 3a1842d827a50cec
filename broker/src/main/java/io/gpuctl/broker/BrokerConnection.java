package io.gpuctl.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/** A connection for requests between brokers that {@code Admin} does not offer. Not thread-safe. */
final class BrokerConnection implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String CLIENT_ID = "gpuctl-broker";

    private final Node broker;
    private final Metrics metrics = new Metrics();
    private final NetworkClient client;

    /**
     * Creates a connection, which connects at the first request.
     *
     * @param clientSettings the settings with which an admin client reaches the broker
     */
    BrokerConnection(Node broker, Map<String, String> clientSettings) {
        this.broker = broker;
        var config = new AdminClientConfig(Map.copyOf(clientSettings));
        client = ClientUtils.createNetworkClient(
                config,
                CLIENT_ID,
                metrics,
                CLIENT_ID,
                new LogContext(),
                new ApiVersions(),
                Time.SYSTEM,
                1,
                Math.toIntExact(TIMEOUT.toMillis()),
                null,
                new ManualMetadataUpdater(List.of(broker)),
                new DefaultHostResolver(),
                null,
                null);
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws IOException if the broker cannot be reached, or closes the connection
     */
    AbstractResponse send(AbstractRequest.Builder<?> request) throws IOException {
        if (!NetworkClientUtils.awaitReady(client, broker, Time.SYSTEM, TIMEOUT.toMillis())) {
            throw new IOException("No connection to " + broker);
        }
        ClientRequest sent = client.newClientRequest(broker.idString(), request, Time.SYSTEM.milliseconds(), true);
        return NetworkClientUtils.sendAndReceive(client, sent, Time.SYSTEM).responseBody();
    }

    @Override
    public void close() {
        client.close();
        metrics.close();
    }
}
