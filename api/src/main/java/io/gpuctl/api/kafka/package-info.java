/**
 * The way to the broker: commands that are written through Reactive Messaging, and what the broker says of itself.
 * Called on event loops; answers come as {@code Uni}s, on threads of Kafka's clients or of Vert.x.
 */
@NullMarked
package io.gpuctl.api.kafka;

import org.jspecify.annotations.NullMarked;
