package io.gpuctl.api.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** Two connections from one address, three in total; requests within 20 s, idle for 60 s. */
class ConnectionsTest {

    private long nowNanos;
    private final Connections connections = new Connections(
            new ConnectionLimits(3, 2, Duration.ofSeconds(20), Duration.ofSeconds(60), Duration.ofSeconds(20), 1_000),
            () -> nowNanos);

    private static final class ClientChannel extends EmbeddedChannel {
        private final String address;

        ClientChannel(String address) {
            this.address = address;
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress(address, 1);
        }
    }

    private EmbeddedChannel connect(String address) {
        var channel = new ClientChannel(address);
        if (!connections.admit(channel)) {
            var _ = channel.close();
            return channel;
        }
        channel.pipeline().addLast("httpDecoder", new HttpRequestDecoder());
        channel.pipeline().addLast("httpEncoder", new HttpResponseEncoder());
        return channel;
    }

    private void seconds(long seconds) {
        nowNanos += Duration.ofSeconds(seconds).toNanos();
        connections.endOverdue();
    }

    private static boolean isOpen(EmbeddedChannel channel) {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static void send(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static void answer(EmbeddedChannel channel, int status) {
        channel.writeOutbound(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.EMPTY_BUFFER));
    }

    private static String received(EmbeddedChannel channel) {
        var text = new StringBuilder();
        for (Object bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(((io.netty.buffer.ByteBuf) bytes).toString(StandardCharsets.US_ASCII));
        }
        return text.toString();
    }

    @Test
    void theOneThatWaitsLongestForItsClientMakesRoomForAnotherOfItsAddress() {
        var oldest = connect("10.0.0.1");
        seconds(1);
        var older = connect("10.0.0.1");
        seconds(1);
        send(oldest, REQUEST); // The service must answer this one.
        var newest = connect("10.0.0.1");

        assertThat(isOpen(oldest)).isTrue();
        assertThat(isOpen(older)).isFalse();
        assertThat(isOpen(newest)).isTrue();
        assertThat(connections.count()).isEqualTo(2);
    }

    @Test
    void refusesAnAddressThatHasAllItMayHaveWhileTheyAreBeingAnswered() {
        send(connect("10.0.0.1"), REQUEST);
        send(connect("10.0.0.1"), REQUEST);

        assertThat(isOpen(connect("10.0.0.1"))).isFalse();
        assertThat(isOpen(connect("10.0.0.2"))).isTrue();
        assertThat(connections.refused()).isEqualTo(1);
    }

    @Test
    void whileAllAreBeingAnsweredNoMoreAreAcceptedUntilOneEnds() {
        var room = new ArrayList<String>();
        var first = connect("127.0.0.1");
        send(first, REQUEST);
        for (String address : new String[] {"127.0.0.1", "127.0.0.2"}) {
            send(connect(address), REQUEST);
        }
        assertThat(connections.isFull(() -> room.add("of three"))).isFalse();
        send(connect("127.0.0.1"), REQUEST); // One connection above the limit.
        assertThat(connections.isFull(() -> room.add("of four"))).isTrue();

        var _ = first.close();
        assertThat(room).containsExactly("of four");
    }

    @Test
    void endsARequestThatDoesNotComeHoweverOftenAByteDoes() {
        var channel = connect("10.0.0.1");
        for (int second = 0; second <= 20; second++) {
            send(channel, second == 0 ? "GET / HTTP/1.1\r\nX: " : "x");
            assertThat(isOpen(channel)).isTrue();
            seconds(1);
        }
        assertThat(isOpen(channel)).isFalse();
        assertThat(received(channel)).startsWith("HTTP/1.1 408 ").contains("request-timeout");
        assertThat(connections.count()).isZero();
    }

    @Test
    void endsAnIdleConnectionButNoneThatIsAnswered() {
        var idle = connect("10.0.0.1");
        var answered = connect("10.0.0.2");
        send(answered, REQUEST);
        seconds(61);
        assertThat(isOpen(idle)).isFalse();
        assertThat(isOpen(answered)).isTrue();

        answer(answered, 200);
        seconds(61);
        assertThat(isOpen(answered)).isFalse();
    }

    @Test
    void givesErrorsWithoutABodyTheBodyThatAllErrorsHave() {
        var channel = connect("10.0.0.1");
        send(channel, REQUEST);
        answer(channel, 431);

        assertThat(received(channel))
                .startsWith("HTTP/1.1 431 ")
                .contains("application/problem+json", "headers-too-large", "\"status\":431");
    }

    @Test
    void countsANetworkOf64BitsAsOneClient() {
        assertThat(ClientAddress.of("2001:db8::1")).isEqualTo(ClientAddress.of("2001:db8::ffff:2"));
        assertThat(ClientAddress.of("2001:db8::1")).isNotEqualTo(ClientAddress.of("2001:db8:0:1::1"));
        assertThat(ClientAddress.of("10.0.0.1")).isNotEqualTo(ClientAddress.of("10.0.0.2"));
    }
}
