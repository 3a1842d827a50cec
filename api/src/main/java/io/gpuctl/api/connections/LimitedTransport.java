package io.gpuctl.api.connections;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.spi.VertxServiceProvider;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * The transport of Vert.x, with {@link Connections} in front of each listener. Vert.x finds it with the service loader
 * at its start, before any beans exist; a process has one Vert.x at a time.
 */
public final class LimitedTransport extends JDKTransport implements VertxServiceProvider {

    private static final List<Connections> LISTENERS = new CopyOnWriteArrayList<>();

    private static volatile @Nullable ConnectionLimits limits;

    /** Returns the connections of each listener. */
    static List<Connections> listeners() {
        return LISTENERS;
    }

    @Override
    public void init(VertxBuilder builder) {
        LISTENERS.clear();
        limits = limits(ConfigProvider.getConfig());
        builder.findTransport(this);
    }

    private static ConnectionLimits limits(Config config) {
        int total = config.getValue("gpuctl.connections.max", Integer.class);
        return new ConnectionLimits(
                total,
                config.getOptionalValue("gpuctl.connections.max-per-address", Integer.class)
                        .orElse(Math.max(1, total / 2)),
                config.getValue("gpuctl.connections.request-timeout", Duration.class),
                config.getValue("gpuctl.connections.idle-timeout", Duration.class),
                config.getValue("gpuctl.connections.read-timeout", Duration.class),
                config.getValue("gpuctl.connections.unread-bytes-max", Long.class));
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        var factory = super.serverChannelFactory(domainSocket);
        return () -> {
            var connections =
                    new Connections(Objects.requireNonNull(limits, "Vert.x has not initialised this transport"));
            LISTENERS.add(connections);
            var listener = factory.newChannel();
            listener.pipeline().addFirst("admission", new Admission(connections));
            listener.closeFuture().addListener(_ -> LISTENERS.remove(connections));
            return listener;
        };
    }

    /** A handler in the listener's pipeline, where each accepted connection is a message. */
    private static final class Admission extends ChannelInboundHandlerAdapter {

        private final Connections connections;

        Admission(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            var listener = context.channel();
            if (accepted instanceof Channel channel && !connections.admit(channel)) {
                channel.unsafe().closeForcibly();
            } else {
                context.fireChannelRead(accepted);
            }
            if (connections.isFull(
                    () -> listener.eventLoop().execute(() -> listener.config().setAutoRead(true)))) {
                listener.config().setAutoRead(false);
            }
        }
    }
}
