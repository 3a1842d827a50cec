/**
 * The commands for the administrator of a Kafka cluster: they set up the topics and the rights of gpuctl's users. For
 * one thread.
 */
@NullMarked
package io.gpuctl.cli.admin;

import org.jspecify.annotations.NullMarked;
