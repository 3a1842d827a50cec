/**
 * The live stream of facts: one follower of {@code cluster-events} in each instance, and any number of clients that read
 * what it has seen. The follower calls on a thread of Reactive Messaging; each client has a virtual thread of its own.
 */
@NullMarked
package io.gpuctl.api.events;

import org.jspecify.annotations.NullMarked;
