package io.gpuctl.cli.settings;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gpuctl.cli.output.OutputFormat;
import io.gpuctl.cli.output.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the settings that a service would run with, and where each value comes from. */
@Command(
        name = "show",
        description = {
            "Shows the settings with which a service would start here, without options on its command line, and where each"
                    + " comes from: the environment, a settings file, the file of --kafka-config, or the program's own default.",
            "Fails as the service would if a setting is wrong. Secrets are not shown."
        })
final class ConfigShowCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls run.
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "orchestrator, simulator, api, broker or up (default: all).")
    private @Nullable String service;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings file, YAML or properties (default: GPUCTL_CONFIG).")
    private @Nullable Path file;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Format of the output: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    @Override
    public void run() {
        List<EffectiveSetting> settings = new ArrayList<>();
        for (CommandLine command : commands()) {
            parse(command);
            Settings.of(command)
                    .orElseThrow()
                    .unknownVariables()
                    .forEach(spec.commandLine().getErr()::println);
            settings.addAll(EffectiveSetting.of(command));
        }
        var out = spec.commandLine().getOut();
        switch (output) {
            case TABLE -> out.println(table(settings));
            case JSON, YAML -> out.println(output.write(document(settings)));
        }
        out.flush();
    }

    private List<CommandLine> commands() {
        List<CommandLine> all = Settings.commands(spec.root().commandLine());
        if (service == null) {
            return all;
        }
        List<CommandLine> asked = all.stream()
                .filter(command -> command.getCommandName().equals(service))
                .toList();
        if (asked.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no service '%s'; the services are %s"
                            .formatted(
                                    service,
                                    String.join(
                                            ", ",
                                            all.stream()
                                                    .map(CommandLine::getCommandName)
                                                    .toList())));
        }
        return asked;
    }

    /** Parses a command line as the service itself would, so that errors are found. */
    private void parse(CommandLine command) {
        List<String> line = new ArrayList<>();
        CommandLine parser = command;
        if (!command.getParent().equals(spec.root().commandLine())) {
            parser = command.getParent(); // picocli needs a parse result of each parent.
            line.add(command.getCommandName());
        }
        if (file != null) {
            line.addAll(List.of("--" + ConfigOption.KEY, file.toString()));
        }
        parser.parseArgs(line.toArray(String[]::new));
    }

    private static Table table(List<EffectiveSetting> settings) {
        var table = new Table(
                Table.Column.left("SERVICE"),
                Table.Column.left("SETTING"),
                Table.Column.text("VALUE"),
                Table.Column.text("SOURCE"));
        settings.forEach(setting -> table.row(
                setting.service(),
                setting.name(),
                setting.value(),
                setting.origin().toString()));
        return table;
    }

    private static ObjectNode document(List<EffectiveSetting> settings) {
        var document = JsonNodeFactory.instance.objectNode();
        var list = document.putArray("settings");
        for (EffectiveSetting setting : settings) {
            var node = list.addObject();
            node.put("service", setting.service());
            node.put("name", setting.name());
            node.put("value", setting.value());
            node.put("source", setting.origin().kind());
            switch (setting.origin()) {
                case Setting.Default _ -> {}
                case Setting.Variable variable -> node.put("variable", variable.name());
                case Setting.KafkaConfig config ->
                    node.put("file", config.file().toString());
                case Setting.Line line -> {
                    node.put("file", line.file().toString());
                    node.put("line", line.number());
                }
            }
        }
        return document;
    }
}
