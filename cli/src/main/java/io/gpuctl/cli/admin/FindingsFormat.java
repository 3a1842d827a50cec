package io.gpuctl.cli.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.cli.output.Table;
import io.gpuctl.cli.output.Table.Column;
import io.gpuctl.events.kafka.ObservedCluster;
import io.gpuctl.events.kafka.Replication;
import io.gpuctl.events.kafka.TopicFinding;
import io.gpuctl.events.kafka.TopicFinding.Severity;
import java.io.PrintWriter;
import java.util.List;

/** Formats the findings about a cluster, for people and for programs. */
final class FindingsFormat {
    private FindingsFormat() {}

    static void print(
            PrintWriter out,
            OutputFormat format,
            ObservedCluster cluster,
            Replication replication,
            List<TopicFinding> findings) {
        switch (format) {
            case TABLE -> printTable(out, cluster, replication, findings);
            case JSON, YAML -> out.println(format.write(document(cluster, replication, findings)));
        }
    }

    private static void printTable(
            PrintWriter out, ObservedCluster cluster, Replication replication, List<TopicFinding> findings) {
        if (!findings.isEmpty()) {
            var table = new Table(
                    Column.left("SEVERITY"),
                    Column.left("TOPIC"),
                    Column.left("SETTING"),
                    Column.left("FOUND"),
                    Column.left("NEEDED"),
                    Column.left("WHAT TO DO"));
            findings.forEach(finding -> table.row(
                    finding.severity().toString(),
                    finding.subject(),
                    finding.property(),
                    finding.found(),
                    finding.needed(),
                    finding.remedy()));
            table.lines().forEach(out::println);
            out.println();
        }
        if (cluster.brokerSettings().isEmpty()) {
            out.println(
                    "The brokers' settings were not checked: this user lacks the right to read them (DescribeConfigs on the cluster).");
        }
        out.println("%d %s, %s: %s"
                .formatted(
                        cluster.brokers(),
                        cluster.brokers() == 1 ? "broker" : "brokers",
                        replication,
                        fits(findings) ? "the cluster fits" : "the cluster does not fit"));
    }

    static boolean fits(List<TopicFinding> findings) {
        return findings.stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
    }

    private static ObjectNode document(ObservedCluster cluster, Replication replication, List<TopicFinding> findings) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("fits", fits(findings));
        document.put("brokers", cluster.brokers());
        document.put("replication_factor", replication.factor());
        document.put("min_insync_replicas", replication.minInSync());
        document.put("broker_settings_checked", !cluster.brokerSettings().isEmpty());
        var list = document.putArray("findings");
        for (TopicFinding finding : findings) {
            list.addObject()
                    .put("severity", finding.severity().toString())
                    .put("topic", finding.subject())
                    .put("setting", finding.property())
                    .put("found", finding.found())
                    .put("needed", finding.needed())
                    .put("remedy", finding.remedy());
        }
        return document;
    }
}
