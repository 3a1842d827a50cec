package io.gpuctl.cli.settings;

import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.cli.settings.Setting.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A setting that a service would run with.
 *
 * @param name the name of an option, or of one of Kafka's client settings
 * @param value the value for people: a secret is replaced; empty if there is no value
 */
record EffectiveSetting(String service, String name, String value, Origin origin) {

    private static final String HIDDEN = "(hidden)";
    private static final String SECRET = "internal-secret";
    private static final String SECRET_FILE = "secret-file";

    /**
     * Returns the settings of a command that has parsed its (empty) command line: sorted by name, Kafka's own settings
     * last.
     */
    static List<EffectiveSetting> of(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        Settings settings = Settings.of(command).orElseThrow();
        Map<String, EffectiveSetting> options = spec.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(option -> of(spec, settings, option))
                .collect(Collectors.toMap(
                        EffectiveSetting::name, Function.identity(), (first, _) -> first, TreeMap::new));
        List<EffectiveSetting> all = new ArrayList<>(options.values());
        if (options.containsKey(SECRET_FILE)) {
            settings.variable(SECRET)
                    .ifPresent(secret -> all.add(new EffectiveSetting(spec.name(), SECRET, HIDDEN, secret.origin())));
        }
        all.sort(Comparator.comparing(EffectiveSetting::name));
        all.addAll(ofKafka(options));
        return all;
    }

    private static EffectiveSetting of(CommandSpec command, Settings settings, OptionSpec option) {
        String key = SettingNames.key(option);
        Setting inForce = settings.find(option).orElseGet(() -> new Setting(builtIn(option), new Setting.Default()));
        return new EffectiveSetting(command.name(), key, inForce.value(), inForce.origin());
    }

    private static String builtIn(OptionSpec option) {
        if (option.defaultValue() != null) {
            return option.defaultValue();
        }
        return option.arity().max() == 0 ? "false" : "";
    }

    private static List<EffectiveSetting> ofKafka(Map<String, EffectiveSetting> options) {
        EffectiveSetting config = options.get("kafka-config");
        if (config == null || config.value().isEmpty()) {
            return List.of();
        }
        Path file = Path.of(config.value());
        EffectiveSetting kafka = options.get("kafka");
        EffectiveSetting address = kafka == null || kafka.value().isEmpty() ? null : kafka;
        var origin = new Setting.KafkaConfig(file);
        return KafkaConfigOption.read(file, address == null ? null : address.value()).shown(HIDDEN).entrySet().stream()
                .map(entry -> new EffectiveSetting(
                        config.service(),
                        entry.getKey(),
                        entry.getValue(),
                        address != null && entry.getKey().equals("bootstrap.servers") ? address.origin() : origin))
                .toList();
    }
}
