package io.gpuctl.cli.log;

import io.gpuctl.broker.BrokerStartException;
import io.gpuctl.broker.LogCheck;
import io.gpuctl.broker.LogDamage;
import io.gpuctl.broker.LogRepair;
import io.gpuctl.broker.LogRepair.Cut;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.events.TaskCommand;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.kafka.Topics;
import io.gpuctl.orchestrator.runtime.OrchestratorApp;
import io.gpuctl.telemetry.runtime.ViewsApp;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.SerializationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Repairs a damaged data directory, so that a broker can serve it again. */
@Command(
        name = "repair",
        description = {
            "Checks every byte of a stopped cluster's logs. A log that is damaged or has lost its end is cut to the"
                    + " last whole transaction before the damage. What is computed from the facts is rebuilt: the"
                    + " orchestrator's stored state, and the views.",
            "Prints what is lost and asks for confirmation; what is cut off is kept in DIR/cut-*. Exit code 0 if"
                    + " nothing was damaged, or everything was repaired."
        })
final class RepairCommand implements Callable<Integer> {
    private static final String VIEWS = ViewsApp.APPLICATION_ID + "-";
    private static final String STATE = OrchestratorApp.STATE_CHANGELOG + "-";
    private static final String FACTS = Topics.CLUSTER_EVENTS.name() + "-";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${user.home}/.gpuctl",
            description = "The data directory of a stopped cluster (default: ~/.gpuctl).")
    private Path directory = Path.of(".gpuctl");

    @Option(names = "--yes", description = "Repair without asking.")
    private boolean yes;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.isDirectory(directory.resolve("kafka"))) {
            throw new CommandFailedException(
                    "%s contains no data of a cluster. Give the data directory of gpuctl up.".formatted(directory));
        }
        try {
            return repair(out);
        } catch (BrokerStartException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "%s cannot be repaired: %s".formatted(directory, FileFailure.reason(e)), e);
        }
    }

    private int repair(PrintWriter out) throws IOException {
        Path backup = directory.resolve("cut-" + System.currentTimeMillis());
        boolean viewsBeginAnew;
        try (LogRepair repair = LogRepair.begin(directory, backup)) {
            List<LogDamage> damages = LogCheck.all(directory, stage -> {});
            if (damages.isEmpty()) {
                out.println("Nothing is damaged in the logs of " + directory);
                return 0;
            }
            requireReadable(repair);
            List<Cut> cuts = repair.plan(damages);
            print(repair, cuts, out);
            if (!yes && !isConfirmed()) {
                out.println("Nothing was changed. Use --yes to repair");
                return 1;
            }
            repair.run(cuts);
            viewsBeginAnew = emptyWhatFactsMake(repair, cuts);
        }
        goOn(viewsBeginAnew);
        out.println("Repaired; what was cut off is in " + backup);
        return 0;
    }

    /**
     * Checks, before anything is cut, that the facts can be read: the repaired cluster continues after them.
     *
     * @throws io.gpuctl.events.NewerLogError if a newer version of the program is needed to read them
     */
    private static void requireReadable(LogRepair repair) throws IOException {
        try (var facts = Topics.CLUSTER_EVENTS.deserializer()) {
            repair.forEachValue(FACTS, value -> {
                try {
                    facts.deserialize(Topics.CLUSTER_EVENTS.name(), value);
                } catch (SerializationException _) {
                    // Not a fact: skip it.
                }
            });
        }
    }

    private static void print(LogRepair repair, List<Cut> cuts, PrintWriter out) throws IOException {
        for (Cut cut : cuts) {
            out.println(cut.damage());
            out.println(
                    "  it would end at offset %d; offsets %d to %d cannot be read, and %d records after them would be removed too"
                            .formatted(
                                    cut.end(),
                                    cut.damage().offset(),
                                    Math.max(cut.damage().offset(), cut.damage().until() - 1),
                                    repair.lostValues(cut).size()));
        }
        printLostSubmissions(repair, cuts, out);
        out.flush();
    }

    /** Empties what is computed from the facts, as far as necessary. Returns whether the views were emptied. */
    private boolean emptyWhatFactsMake(LogRepair repair, List<Cut> cuts) throws IOException {
        boolean factsAreCut = isAnyOf(FACTS, cuts);
        if (factsAreCut || isAnyOf(STATE, cuts)) {
            emptyAll(repair, STATE);
        }
        boolean viewsBeginAnew = factsAreCut || isAnyOf(VIEWS, cuts);
        if (viewsBeginAnew) {
            emptyAll(repair, VIEWS);
        }
        return viewsBeginAnew;
    }

    private void goOn(boolean viewsBeginAnew) {
        try (ClusterBroker broker = ClusterBroker.ofStoppedOrNew(directory);
                var positions = new InputPositions(broker.kafka())) {
            positions.moveToFacts();
            if (viewsBeginAnew) {
                positions.forget(ViewsApp.APPLICATION_ID);
            }
        }
    }

    /** Lists lost submissions, since the API had acknowledged them. */
    private static void printLostSubmissions(LogRepair repair, List<Cut> cuts, PrintWriter out) throws IOException {
        try (var commands = Topics.TASK_COMMANDS.deserializer()) {
            for (Cut cut : cuts) {
                if (!cut.damage().partition().startsWith(Topics.TASK_COMMANDS.name() + "-")) {
                    continue;
                }
                for (byte[] value : repair.lostValues(cut)) {
                    try {
                        if (commands.deserialize(Topics.TASK_COMMANDS.name(), value)
                                instanceof TaskCommand.SubmitTask submit) {
                            out.println("  lost: the submission of task "
                                    + submit.task().taskId());
                        }
                    } catch (SerializationException _) {
                        out.println("  lost: a command that cannot be read");
                    }
                }
            }
        }
    }

    private boolean isConfirmed() {
        return Optional.ofNullable(System.console())
                .map(console -> console.readLine("Cut these logs? [y/N] "))
                .filter(answer -> answer.strip().equalsIgnoreCase("y"))
                .isPresent();
    }

    private static boolean isAnyOf(String prefix, List<Cut> cuts) {
        return cuts.stream().anyMatch(cut -> cut.damage().partition().startsWith(prefix));
    }

    private void emptyAll(LogRepair repair, String prefix) throws IOException {
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory.resolve("kafka"), prefix + "*")) {
            for (Path log : logs) {
                repair.empty(String.valueOf(log.getFileName()));
            }
        }
        // The stores on the disk belong to the old logs. Without the mark, the next start removes them.
        Files.deleteIfExists(directory.resolve("state").resolve("closed-cleanly"));
    }
}
