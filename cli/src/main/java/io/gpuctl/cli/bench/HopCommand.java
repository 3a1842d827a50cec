package io.gpuctl.cli.bench;

import io.gpuctl.broker.BrokerStartException;
import io.gpuctl.broker.EmbeddedBroker;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.bench.suite.BareHop;
import io.gpuctl.cli.cluster.SecondCompiler;
import io.gpuctl.events.kafka.KafkaConnection;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs what a placement cannot be faster than: a broker, and one exactly-once application of Kafka Streams. */
@Command(
        name = "hop",
        hidden = true,
        description =
                "Runs the broker of gpuctl up and a bare exactly-once Kafka Streams application, for bench suite.")
final class HopCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Directory for all data.")
    private Path dataDirectory = Path.of(".");

    @Override
    public Integer call() throws Exception {
        long startNanos = System.nanoTime();
        SecondCompiler.giveWay();
        try (var broker = EmbeddedBroker.start(new EmbeddedBroker.Config(dataDirectory, 0).withPassword());
                var _ = BareHop.start(new KafkaConnection(broker.clientSettings()), dataDirectory.resolve("state"))) {
            spec.commandLine().getOut().println("ready in %.1f s".formatted((System.nanoTime() - startNanos) / 1e9));
            spec.commandLine().getOut().flush();
            new CountDownLatch(1).await(); // Until a signal ends the process.
            return 0;
        } catch (BrokerStartException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
