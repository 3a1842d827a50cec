package io.gpuctl.events.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * References in a Kafka client's settings to values elsewhere, such as a mounted secret:
 * {@code ${dir:/etc/gpuctl/user:sasl.jaas.config}}. Notation and providers are Kafka's own; the providers for files,
 * directories and the environment are allowed. References are resolved once, when the settings are read: callers get
 * plain values.
 */
final class SettingReferences {
    private static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;

    private static final Map<String, Supplier<ConfigProvider>> BY_NAME =
            Map.of("file", FileConfigProvider::new, "dir", FilesOfOneValue::new, "env", EnvVarConfigProvider::new);

    private static final Map<String, String> NAMES_BY_CLASS = Map.of(
            FileConfigProvider.class.getName(), "file",
            DirectoryConfigProvider.class.getName(), "dir",
            EnvVarConfigProvider.class.getName(), "env");

    private SettingReferences() {}

    /** Strips the line end from a file that a shell or an editor wrote: it is not part of a password. */
    private static final class FilesOfOneValue extends DirectoryConfigProvider {
        @Override
        public ConfigData get(String path) {
            return stripped(super.get(path));
        }

        @Override
        public ConfigData get(String path, Set<String> keys) {
            return stripped(super.get(path, keys));
        }

        private static ConfigData stripped(ConfigData read) {
            var values = new HashMap<String, String>();
            read.data().forEach((key, value) -> values.put(key, value.replaceFirst("\\R\\z", "")));
            return new ConfigData(values, read.ttl());
        }
    }

    /**
     * Returns the settings with values instead of references, and without the settings about the providers.
     *
     * @throws IllegalArgumentException if a provider is not allowed, or a reference leads nowhere
     */
    static Map<String, String> resolved(Map<String, String> settings) {
        Map<String, String> plain = new TreeMap<>(settings);
        plain.keySet().removeIf(name -> name.equals(PROVIDERS) || name.startsWith(PROVIDERS + "."));
        List<String> aliases = Arrays.stream(
                        settings.getOrDefault(PROVIDERS, "").split(","))
                .map(String::strip)
                .filter(alias -> !alias.isEmpty())
                .toList();
        if (aliases.isEmpty()) {
            return plain; // Kafka too takes ${...} literally in this case.
        }
        var providers = new HashMap<String, ConfigProvider>();
        try {
            for (String alias : aliases) {
                providers.put(alias, provider(alias, settings));
            }
            plain.replaceAll((name, value) -> resolved(name, value, providers));
            return plain;
        } finally {
            providers.values().forEach(SettingReferences::close);
        }
    }

    private static ConfigProvider provider(String alias, Map<String, String> settings) {
        String prefix = PROVIDERS + "." + alias + ".";
        String className = settings.get(prefix + "class");
        String name = className == null ? alias : NAMES_BY_CLASS.getOrDefault(className, "");
        Supplier<ConfigProvider> known = BY_NAME.get(name);
        if (known == null) {
            throw new IllegalArgumentException(("%s contains '%s', but must contain only file, dir and env, or"
                            + " Kafka's classes %s")
                    .formatted(
                            PROVIDERS,
                            className == null ? alias : className,
                            String.join(
                                    ", ",
                                    NAMES_BY_CLASS.keySet().stream().sorted().toList())));
        }
        var parameters = new HashMap<String, String>();
        settings.forEach((key, value) -> {
            if (key.startsWith(prefix + "param.")) {
                parameters.put(key.substring(prefix.length() + "param.".length()), value);
            }
        });
        ConfigProvider provider = known.get();
        provider.configure(parameters);
        return provider;
    }

    private static String resolved(String name, String value, Map<String, ConfigProvider> providers) {
        String result;
        try {
            result = new ConfigTransformer(providers)
                    .transform(Map.of(name, value))
                    .data()
                    .getOrDefault(name, value);
        } catch (ConfigException e) {
            throw new IllegalArgumentException("%s: %s".formatted(name, e.getMessage()), e);
        }
        var references = Pattern.compile("\\$\\{([^}:]*):[^}]*}").matcher(value);
        while (references.find()) {
            // Kafka leaves a reference unchanged if its provider cannot resolve it.
            if (providers.containsKey(references.group(1)) && result.contains(references.group())) {
                throw new IllegalArgumentException(
                        "%s refers to %s, which does not exist or cannot be read".formatted(name, references.group()));
            }
        }
        return result;
    }

    private static void close(ConfigProvider provider) {
        try {
            provider.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
