package io.gpuctl.cli.admin;

import io.gpuctl.cli.cluster.TopicOptions;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.events.kafka.ObservedCluster;
import io.gpuctl.events.kafka.Replication;
import io.gpuctl.events.kafka.TopicCheck;
import io.gpuctl.events.kafka.TopicFinding;
import io.gpuctl.events.kafka.TopicSetup;
import java.io.PrintWriter;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates the topics. */
@Command(
        name = "create",
        description = {
            "Creates the topics that are missing on a Kafka cluster, and then checks it as gpuctl topics check does.",
            "The services create missing topics themselves if their users have that right. Use this command on"
                    + " clusters where they do not have it, or to choose the number of replicas."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the topics exist, and the cluster fits",
            "1:the topics could not be created, or the cluster does not fit",
            "2:the command was not understood"
        })
final class TopicsCreateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Mixin
    private AdminConnection connection = new AdminConnection();

    @Mixin
    private TopicOptions options = new TopicOptions();

    @Option(
            names = "--alter",
            description = {
                "Also changes settings of existing topics where they differ from what is needed. It changes neither"
                        + " partitions nor replicas, and never shortens a retention."
            })
    private boolean alter;

    @Override
    public Integer call() throws InterruptedException {
        var choice = options.choice();
        PrintWriter out = spec.commandLine().getOut();
        return connection.ask(admin -> {
            TopicSetup.ensureTopics(admin, choice).forEach(topic -> out.println("created " + topic));
            ObservedCluster cluster = ObservedCluster.of(admin);
            Replication replication = choice.on(cluster.brokers());
            if (alter) {
                var changes = TopicCheck.changes(cluster, replication);
                TopicSetup.configure(admin, changes);
                changes.forEach((topic, configs) -> printChanged(out, topic, configs));
                cluster = changes.isEmpty() ? cluster : ObservedCluster.of(admin);
            }
            List<TopicFinding> findings = TopicCheck.findings(cluster, replication);
            FindingsFormat.print(out, OutputFormat.TABLE, cluster, replication, findings);
            return FindingsFormat.fits(findings) ? 0 : 1;
        });
    }

    private static void printChanged(PrintWriter out, String topic, SortedMap<String, String> configs) {
        configs.forEach((name, value) -> out.println("set %s of %s to %s".formatted(name, topic, value)));
    }
}
