/**
 * gpuctl in containers, as its users run it: the image, the services of {@code deploy/compose}, and brokers that fail. The tests
 * need a Docker daemon, and are skipped where none answers.
 */
@NullMarked
package io.gpuctl.deploy.containers;

import org.jspecify.annotations.NullMarked;
