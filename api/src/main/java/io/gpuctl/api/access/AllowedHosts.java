package io.gpuctl.api.access;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The host names that the service answers to. With DNS rebinding, the name of a foreign page resolves to this service,
 * and the browser takes both for one origin; but the requests still carry the foreign name.
 */
public final class AllowedHosts {

    private static final Pattern HOST = Pattern.compile("(?<name>\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9]+\\.[0-9]+\\.[0-9]+|::1");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "");

    private final Set<String> names = new TreeSet<>();

    /** @param names the names besides those of the loopback interface; wildcard addresses are ignored */
    public AllowedHosts(Collection<String> names) {
        for (String name : names) {
            String normal = normal(name.strip());
            if (!WILDCARDS.contains(normal)) {
                this.names.add(normal);
            }
        }
    }

    /** Returns the name in a {@code Host} header, without the port; empty if the header is not valid. */
    public static Optional<String> nameIn(String hostHeader) {
        var matcher = HOST.matcher(hostHeader);
        return matcher.matches() ? Optional.of(normal(matcher.group("name"))) : Optional.empty();
    }

    /**
     * Returns whether the service answers requests for this name.
     *
     * @param localAddress the local address that received the request
     */
    public boolean allows(String name, String localAddress) {
        return LOOPBACK.matcher(name).matches() || names.contains(name) || name.equals(normal(localAddress));
    }

    private static String normal(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        int zone = lower.indexOf('%');
        String plain = zone < 0 ? lower : lower.substring(0, zone);
        return plain.startsWith("[") ? plain.substring(1, plain.length() - 1) : plain;
    }
}
