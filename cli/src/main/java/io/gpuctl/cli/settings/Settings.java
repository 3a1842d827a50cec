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
 * What the options of a command are when its command line does not say: an environment variable, else a line of a settings
 * file, else the option's default. For {@code up} and for each service of {@code run}, and for every option that they have.
 */
public final class Settings implements IDefaultValueProvider {

    private final CommandLine command;
    private final SettingNames names;
    private final Map<String, String> environment;

    /** What picocli was told; a message about one of these options says where its value comes from. */
    private final Map<String, Setting> given = new LinkedHashMap<>();

    private @Nullable Path read;
    private @Nullable SettingsFile file;

    private Settings(CommandLine command, SettingNames names, Map<String, String> environment) {
        this.command = command;
        this.names = names;
        this.environment = environment;
    }

    /**
     * Gives the commands that run services their settings.
     *
     * @param environment the environment's variables
     */
    public static void apply(CommandLine root, Map<String, String> environment) {
        List<CommandLine> commands = commands(root);
        commands.forEach(command -> command.getCommandSpec()
                .addMixin(ConfigOption.KEY, CommandSpec.forAnnotatedObject(new ConfigOption())));
        var names = SettingNames.of(
                commands.stream().map(CommandLine::getCommandSpec).toList());
        for (CommandLine command : commands) {
            // Else --manual on the command line would be the opposite of GPUCTL_MANUAL=true.
            command.setToggleBooleanFlags(true);
            command.setDefaultValueProvider(new Settings(command, names, environment));
        }
    }

    /** The commands that have settings: {@code up}, and the services of {@code run}. */
    static List<CommandLine> commands(CommandLine root) {
        return Stream.concat(
                        subcommand(root, "run").getSubcommands().values().stream(), Stream.of(subcommand(root, "up")))
                .toList();
    }

    private static CommandLine subcommand(CommandLine root, String name) {
        return Objects.requireNonNull(root.getSubcommands().get(name), name);
    }

    /** Of a command; empty if it has none. */
    public static Optional<Settings> of(CommandLine command) {
        return command.getDefaultValueProvider() instanceof Settings settings
                ? Optional.of(settings)
                : Optional.empty();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        // Help shows the program's own defaults, and must also show where a setting is wrong.
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

    /** What it is by environment or file; throws {@link ParameterException} if the file cannot be used. */
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
        // An empty one is one that a template has not filled in.
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

    /** A line for each variable that looks like a setting and is none. */
    public List<String> unknownVariables() {
        return names.unknownVariables(environment);
    }

    /** The message, and behind it where the values of the options that it names come from, if not from the command line. */
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

    /** Messages name an option, or begin with the field that it sets: "nodes is 0, ...". */
    private static boolean isAbout(String message, String key) {
        return Pattern.compile("(?<![\\w-])--" + Pattern.quote(key) + "(?![\\w-])")
                        .matcher(message)
                        .find()
                || message.startsWith(key.replace('-', '_') + " ");
    }
}
