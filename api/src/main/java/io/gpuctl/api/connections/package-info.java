/**
 * The connections that clients open to the listeners of this process: how many there may be, in total and from one
 * address, and how long a client may take to send a request and to read an answer.
 *
 * <p>Vert.x and Quarkus limit none of this but the total, and only idleness in time: a client that sends a byte now and
 * then keeps its connection for ever. So a handler of ours stands in the Netty pipeline of each accepted connection.
 * All files of a process are of one limit, and a broker may run in this one: it ends when it cannot open a file.
 *
 * <p>Handlers run on the event loop of their connection, the admission on that of the listener.
 */
@NullMarked
package io.gpuctl.api.connections;

import org.jspecify.annotations.NullMarked;
