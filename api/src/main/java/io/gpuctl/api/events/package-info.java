/**
 * The live stream of facts: one follower of {@code cluster-events} in each instance, and any number of clients that
 * read what it has seen. The follower runs on a thread of Reactive Messaging; each client has its own virtual thread.
 */
@NullMarked
package io.gpuctl.api.events;

import org.jspecify.annotations.NullMarked;
