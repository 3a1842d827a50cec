package io.gpuctl.api.connections;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, since a client has a whole one to itself. */
public record ClientAddress(String text) {

    private static final int NETWORK_BYTES = 8;
    private static final int IPV6_BYTES = 16;

    private static final String LOOPBACK = "loopback";

    /** Whether it is this machine's own: all its users have that one. */
    boolean isLoopback() {
        return text.equals(LOOPBACK);
    }

    /** Of a connection; connections without an IP address count as one client. */
    static ClientAddress of(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? of(internet.getAddress())
                : new ClientAddress("unknown");
    }

    /** Of an address as text, as Vert.x gives it: never a name. */
    public static ClientAddress of(String literal) {
        try {
            return of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException _) {
            return new ClientAddress("unknown");
        }
    }

    private static ClientAddress of(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return new ClientAddress(LOOPBACK);
        }
        byte[] bytes = address.getAddress();
        if (bytes.length != IPV6_BYTES) {
            return new ClientAddress(address.getHostAddress());
        }
        Arrays.fill(bytes, NETWORK_BYTES, IPV6_BYTES, (byte) 0);
        try {
            return new ClientAddress(InetAddress.getByAddress(bytes).getHostAddress() + "/64");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // Only for a wrong number of bytes.
        }
    }
}
