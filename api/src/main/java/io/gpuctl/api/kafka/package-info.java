/**
 * Access to the broker: writes commands through Reactive Messaging, and watches the state of the broker. Called on
 * event loops; answers are {@code Uni}s that complete on threads of Kafka's clients or of Vert.x.
 */
@NullMarked
package io.gpuctl.api.kafka;

import org.jspecify.annotations.NullMarked;
