package io.gpuctl.api.connections;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.spi.VertxServiceProvider;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x' transport, with {@link Connections} in front of all its listeners. Vert.x finds it by the service loader when it
 * starts, which is before there are beans.
 */
public final class LimitedTransport extends JDKTransport implements VertxServiceProvider {

    private static volatile @Nullable Connections connections;

    /** Those of the Vert.x that was started last: a process has one at a time. */
    static Connections connections() {
        var started = connections;
        if (started == null) {
            throw new IllegalStateException("Vert.x was started without the limits of its connections");
        }
        return started;
    }

    @Override
    public void init(VertxBuilder builder) {
        connections = new Connections(limits(ConfigProvider.getConfig()));
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
        var admission = new Admission(connections());
        return () -> {
            var channel = factory.newChannel();
            channel.pipeline().addFirst("admission", admission);
            return channel;
        };
    }

    /** Stands in the listener's pipeline, where each accepted connection is a message. */
    @Sharable
    private static final class Admission extends ChannelInboundHandlerAdapter {

        private final Connections connections;

        Admission(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            if (accepted instanceof Channel channel && !connections.admit(channel)) {
                channel.unsafe().closeForcibly();
            } else {
                context.fireChannelRead(accepted);
            }
        }
    }
}
