/**
 * {@code up} and {@code run}: the services of a cluster in this process, all or one of them. They are started and closed
 * by the command's thread; a failure in a thread of theirs is looked for, not waited for.
 */
@NullMarked
package io.gpuctl.cli.cluster;

import org.jspecify.annotations.NullMarked;
