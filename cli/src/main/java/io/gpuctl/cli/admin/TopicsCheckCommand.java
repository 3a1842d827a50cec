package io.gpuctl.cli.admin;

import io.gpuctl.cli.cluster.TopicOptions;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.events.kafka.ObservedCluster;
import io.gpuctl.events.kafka.Replication;
import io.gpuctl.events.kafka.TopicCheck;
import io.gpuctl.events.kafka.TopicFinding;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares a cluster with the requirements of gpuctl. */
@Command(
        name = "check",
        description = {
            "Compares a Kafka cluster with what gpuctl needs: partitions, replicas, retention and record size of the"
                    + " topics, and the brokers' settings on which they depend. Prints what differs and what to do."
                    + " Changes nothing."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the cluster fits; there may be warnings",
            "1:the cluster does not fit, or could not be read",
            "2:the command was not understood"
        })
final class TopicsCheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private AdminConnection connection = new AdminConnection();

    @Mixin
    private TopicOptions options = new TopicOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Output: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default.")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() throws InterruptedException {
        var choice = options.choice();
        ObservedCluster cluster = connection.ask(ObservedCluster::of);
        try {
            Replication replication = choice.on(cluster.brokers());
            List<TopicFinding> findings = TopicCheck.findings(cluster, replication);
            FindingsFormat.print(spec.commandLine().getOut(), format, cluster, replication, findings);
            return FindingsFormat.fits(findings) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
