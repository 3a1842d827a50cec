/** A real single-node Kafka broker in this JVM, for {@code gpuctl up} and for tests. Depends on no other module. */
@NullMarked
package io.gpuctl.broker;

import org.jspecify.annotations.NullMarked;
