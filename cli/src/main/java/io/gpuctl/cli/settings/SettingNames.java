package io.gpuctl.cli.settings;

import io.gpuctl.experiments.spec.NearMatch;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The names of settings. In a file, a setting has the option's long name without dashes; in the environment,
 * {@code GPUCTL_} and that name in upper case.
 *
 * @param keysBySection the keys of each command; a command's name is the name of its section in a file
 */
record SettingNames(Map<String, Set<String>> keysBySection) {

    private static final String PREFIX = "GPUCTL_";

    /** The options that control the command line itself, and the option that names the file. */
    private static final Set<String> NOT_IN_A_FILE = Set.of("help", "version", ConfigOption.KEY);

    /**
     * Variables that are not options: variables of client commands and of the launcher, and the secret, which must not
     * be an argument.
     */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "GPUCTL_CONFIG",
            "GPUCTL_DEBUG",
            "GPUCTL_INTERNAL_SECRET",
            "GPUCTL_JAVA_OPTS",
            "GPUCTL_NO_BUILD",
            "GPUCTL_SERVER",
            "GPUCTL_TRACES");

    /** The variables that Kubernetes sets in every container for a service called gpuctl or gpuctl-something. */
    private static final Pattern OF_KUBERNETES = Pattern.compile(
            "GPUCTL_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern URL_OF_KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*");

    static SettingNames of(Collection<CommandSpec> commands) {
        var keys = new TreeMap<String, Set<String>>();
        for (CommandSpec command : commands) {
            keys.put(
                    command.name(),
                    command.options().stream()
                            .map(SettingNames::key)
                            .filter(key -> !NOT_IN_A_FILE.contains(key))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
        return new SettingNames(keys);
    }

    static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    static String variable(String key) {
        return PREFIX + key.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    boolean isSection(String name) {
        return keysBySection.containsKey(name);
    }

    /**
     * Returns the problem with a key in a file; empty if the key is valid. The empty section applies to every service.
     */
    Optional<String> problem(String section, String key) {
        Set<String> known = section.isEmpty() ? all() : keysBySection.getOrDefault(section, Set.of());
        if (known.contains(key)) {
            return Optional.empty();
        }
        String sectionsWithIt = keysBySection.entrySet().stream()
                .filter(entry -> entry.getValue().contains(key))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        if (!sectionsWithIt.isEmpty()) {
            return Optional.of("'%s' is not a setting of %s, but of %s".formatted(key, section, sectionsWithIt));
        }
        Set<String> candidates = new TreeSet<>(known);
        if (section.isEmpty()) {
            candidates.addAll(keysBySection.keySet());
        }
        return Optional.of("there is no setting '%s'%s".formatted(key, guess(key, candidates)));
    }

    /** Returns a line for each variable that looks like a setting, but is not one. */
    List<String> unknownVariables(Map<String, String> environment) {
        Set<String> known = new TreeSet<>(OTHER_VARIABLES);
        all().forEach(key -> known.add(variable(key)));
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .filter(name -> !isOfKubernetes(name, environment.getOrDefault(name, "")))
                .sorted()
                .map(name -> "%s in the environment has no effect: this setting does not exist%s"
                        .formatted(name, guess(name, known)))
                .toList();
    }

    /** GPUCTL_PORT=tcp://10.0.0.1:8080 is not gpuctl's port, but the address of a Kubernetes service called gpuctl. */
    static boolean isOfKubernetes(String variable, String value) {
        return OF_KUBERNETES.matcher(variable).matches()
                || (variable.endsWith("_PORT")
                        && URL_OF_KUBERNETES.matcher(value).matches());
    }

    private Set<String> all() {
        return keysBySection.values().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String guess(String written, Collection<String> known) {
        return NearMatch.of(written, known)
                .map(near -> ". Did you mean " + near + "?")
                .orElse("");
    }
}
