package io.gpuctl.api.access;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names under which we answer. A page whose own name is made to lead to us (DNS rebinding) is to its browser of our
 * origin; but the requests bear that name.
 */
public final class AllowedHosts {

    private static final Pattern HOST = Pattern.compile("(?<name>\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9]+\\.[0-9]+\\.[0-9]+|::1");
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "");

    private final Set<String> names = new TreeSet<>();

    /**
     * @param names besides those of the loopback interface; a wildcard address is none
     */
    public AllowedHosts(Collection<String> names) {
        for (String name : names) {
            String normal = normal(name.strip());
            if (!WILDCARDS.contains(normal)) {
                this.names.add(normal);
            }
        }
    }

    /** The name in a {@code Host} header, without the port; none if it cannot be one. */
    public static Optional<String> nameIn(String hostHeader) {
        var matcher = HOST.matcher(hostHeader);
        return matcher.matches() ? Optional.of(normal(matcher.group("name"))) : Optional.empty();
    }

    /**
     * Whether a request for this name is for us.
     *
     * @param localAddress that the request has come to
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
