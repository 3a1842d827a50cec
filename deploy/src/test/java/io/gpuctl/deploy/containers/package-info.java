/**
 * gpuctl in containers, as its users run it: the image, the services of {@code deploy/compose}, and failing brokers.
 * The tests need a Docker daemon, and are skipped without one.
 */
@NullMarked
package io.gpuctl.deploy.containers;

import org.jspecify.annotations.NullMarked;
