package io.gpuctl.api.settings;

/**
 * {@code host:port} of an instance.
 *
 * @param port 0 for the one that it will listen on
 */
public record HostAndPort(String host, int port) {

    /**
     * Throws {@link IllegalArgumentException} with a message for whoever configured it.
     *
     * @param setting its name
     */
    static HostAndPort parse(String setting, String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new HostAndPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (NumberFormatException _) {
            // Said below, as for a text without a colon.
        }
        throw new IllegalArgumentException(setting + " is '" + text + "', but must be host:port");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
