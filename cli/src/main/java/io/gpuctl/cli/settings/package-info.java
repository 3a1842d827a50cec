/**
 * Settings of the commands that run services, from the environment and from a file: the values of options that the
 * command line does not set. The settings are read once, on the main thread, before any service starts.
 */
@NullMarked
package io.gpuctl.cli.settings;

import org.jspecify.annotations.NullMarked;
