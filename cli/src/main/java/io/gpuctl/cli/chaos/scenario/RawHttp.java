package io.gpuctl.cli.chaos.scenario;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends raw HTTP requests that a well-behaved client would not send. */
final class RawHttp {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private RawHttp() {}

    /** Opens a connection without sending anything. */
    static Socket connect(URI api) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(api.getHost(), api.getPort()), Math.toIntExact(TIMEOUT.toMillis()));
        socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
        return socket;
    }

    /** Sends a request unchanged. Returns the status; 0 if the connection ends without an answer. */
    static int status(URI api, String requestLine, List<String> headers, byte @Nullable [] body) throws IOException {
        try (Socket socket = connect(api)) {
            var head = new StringBuilder(requestLine).append(" HTTP/1.1\r\n");
            headers.forEach(header -> head.append(header).append("\r\n"));
            if (body != null) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
            head.append("Connection: close\r\n\r\n");
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            if (body != null) {
                socket.getOutputStream().write(body);
            }
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            return answer.length() < 12 ? 0 : Integer.parseInt(answer.substring(9, 12));
        }
    }
}
