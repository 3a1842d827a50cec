package io.gpuctl.api.connections;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address of one client: an IPv4 address, or an IPv6 network of 64 bits, because one client usually has a whole
 * network.
 */
public record ClientAddress(String text) {

    private static final int NETWORK_BYTES = 8;
    private static final int IPV6_BYTES = 16;

    private static final String LOOPBACK = "loopback";

    /** Returns whether this is a loopback address, which all users of this machine share. */
    boolean isLoopback() {
        return text.equals(LOOPBACK);
    }

    /** Returns the address of a connection; connections without an IP address count as one client. */
    static ClientAddress of(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet && internet.getAddress() != null
                ? of(internet.getAddress())
                : new ClientAddress("unknown");
    }

    /** Returns the address for its text from Vert.x, which is never a name. */
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
            throw new IllegalStateException(e); // Thrown only for a wrong number of bytes.
        }
    }
}
