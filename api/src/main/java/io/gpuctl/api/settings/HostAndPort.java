package io.gpuctl.api.settings;

/**
 * {@code host:port} of an instance.
 *
 * @param port the port; 0 for the port that the instance will listen on
 */
public record HostAndPort(String host, int port) {

    /**
     * Parses a setting. Throws {@link IllegalArgumentException} with a message for the operator.
     *
     * @param setting the name of the setting
     */
    static HostAndPort parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new HostAndPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (NumberFormatException _) {
            // Reported below, like a text without a colon.
        }
        throw new IllegalArgumentException(setting + " is '" + text + "', but must be host:port");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
