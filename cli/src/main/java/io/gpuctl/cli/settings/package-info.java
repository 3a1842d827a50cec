/**
 * Settings of the commands that run services, from the environment and from a file: what an option is when the command
 * line does not say. Read once, before anything starts, on the main thread.
 */
@NullMarked
package io.gpuctl.cli.settings;

import org.jspecify.annotations.NullMarked;
