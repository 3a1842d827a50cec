package io.gpuctl.cli.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Provides the value of an option that the command line does not set: from an environment variable, else from a line of
 * a settings file, else the option's default. Applies to all options of {@code up} and of each service of {@code run}.
 */
public final class Settings implements IDefaultValueProvider {

    private final CommandLine command;
    private final SettingNames names;
    private final Map<String, String> environment;

    /** The values that picocli received. A message about one of these options says where its value comes from. */
    private final Map<String, Setting> given = new LinkedHashMap<>();

    private @Nullable Path read;
    private @Nullable SettingsFile file;

    private Settings(CommandLine command, SettingNames names, Map<String, String> environment) {
        this.command = command;
        this.names = names;
        this.environment = environment;
    }

    /**
     * Gives the commands that run services their settings; does nothing if the root lacks these commands.
     *
     * @param environment the environment's variables
     */
    public static void apply(CommandLine root, Map<String, String> environment) {
        if (!root.getSubcommands().containsKey("up")) {
            return;
        }
        List<CommandLine> commands = commands(root);
        commands.forEach(command -> command.getCommandSpec()
                .addMixin(ConfigOption.KEY, CommandSpec.forAnnotatedObject(new ConfigOption())));
        var names = SettingNames.of(
                commands.stream().map(CommandLine::getCommandSpec).toList());
        for (CommandLine command : commands) {
            // Otherwise --manual on the command line would negate GPUCTL_MANUAL=true.
            command.setToggleBooleanFlags(true);
            command.setDefaultValueProvider(new Settings(command, names, environment));
        }
    }

    /** Returns the commands that have settings: {@code up}, and the services of {@code run}. */
    static List<CommandLine> commands(CommandLine root) {
        return Stream.concat(
                        subcommand(root, "run").getSubcommands().values().stream(), Stream.of(subcommand(root, "up")))
                .toList();
    }

    private static CommandLine subcommand(CommandLine root, String name) {
        return Objects.requireNonNull(root.getSubcommands().get(name), name);
    }

    /** Returns the settings of a command; empty if the command has none. */
    public static Optional<Settings> of(CommandLine command) {
        return command.getDefaultValueProvider() instanceof Settings settings
                ? Optional.of(settings)
                : Optional.empty();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        // Help shows the program's own defaults, and must work even if a setting is wrong.
        if (!(argument instanceof OptionSpec option)
                || command.getParseResult() == null
                || command.isUsageHelpRequested()
                || command.isVersionHelpRequested()) {
            return null;
        }
        Setting found = find(option).orElse(null);
        if (found == null) {
            return null;
        }
        given.put(SettingNames.key(option), found);
        return found.value().replace("$", "$$"); // picocli would take ${...} for a variable.
    }

    /**
     * Returns the setting from the environment or the file; throws {@link ParameterException} if the file cannot be
     * used.
     */
    Optional<Setting> find(OptionSpec option) {
        String key = SettingNames.key(option);
        Optional<Setting> found = variable(key);
        if (found.isEmpty() && !key.equals(ConfigOption.KEY)) {
            found = Optional.ofNullable(file())
                    .flatMap(read -> read.find(command.getCommandSpec().name(), key));
        }
        found.ifPresent(setting -> requireFlag(option, setting));
        return found;
    }

    Optional<Setting> variable(String key) {
        String variable = SettingNames.variable(key);
        String value = environment.getOrDefault(variable, "");
        // An empty variable is one that a template left unset.
        return value.isEmpty() || SettingNames.isOfKubernetes(variable, value)
                ? Optional.empty()
                : Optional.of(new Setting(value, new Setting.Variable(variable)));
    }

    private void requireFlag(OptionSpec option, Setting setting) {
        boolean isFlag = option.arity().max() == 0;
        if (isFlag && !setting.value().equals("true") && !setting.value().equals("false")) {
            throw new ParameterException(
                    command,
                    "%s is '%s', but must be true or false (%s)"
                            .formatted(option.longestName(), setting.value(), setting.origin()));
        }
    }

    private @Nullable SettingsFile file() {
        Path path = command.getCommandSpec().findOption(ConfigOption.KEY).getValue();
        if (path == null) {
            path = variable(ConfigOption.KEY)
                    .map(setting -> Path.of(setting.value()))
                    .orElse(null);
        }
        if (!Objects.equals(path, read)) {
            try {
                file = path == null ? null : SettingsFile.read(path, names);
            } catch (SettingsFileException e) {
                throw new ParameterException(command, String.valueOf(e.getMessage()), e);
            }
            read = path;
        }
        return file;
    }

    /** Returns a line for each variable that looks like a setting, but is not one. */
    public List<String> unknownVariables() {
        return names.unknownVariables(environment);
    }

    /**
     * Returns the message, followed by the sources of the option values that it names, unless they are from the command
     * line.
     */
    public String explained(String message) {
        List<String> origins = new ArrayList<>();
        given.forEach((key, setting) -> {
            String origin = setting.origin().toString();
            if (isAbout(message, key) && !message.contains(origin)) {
                origins.add("--%s: %s".formatted(key, origin));
            }
        });
        return origins.isEmpty() ? message : origins.stream().collect(Collectors.joining("; ", message + " (", ")"));
    }

    /** A message names an option, or begins with the field that the option sets: "nodes is 0, ...". */
    private static boolean isAbout(String message, String key) {
        return Pattern.compile("(?<![\\w-])--" + Pattern.quote(key) + "(?![\\w-])")
                        .matcher(message)
                        .find()
                || message.startsWith(key.replace('-', '_') + " ");
    }
}
