/**
 * The connections that clients open to the listeners of this process: how many there may be, in total and from one
 * address, and how long a client may take to send a request and to read an answer.
 *
 * <p>Vert.x and Quarkus limit only the total, and only idle time: a client that sometimes sends a byte keeps its
 * connection forever. So each accepted connection has an additional handler in its Netty pipeline. All open files of a
 * process share one limit, and this process may run a broker, which ends when it cannot open a file.
 *
 * <p>Handlers run on the event loop of their connection; the admission runs on the event loop of the listener.
 */
@NullMarked
package io.gpuctl.api.connections;

import org.jspecify.annotations.NullMarked;
