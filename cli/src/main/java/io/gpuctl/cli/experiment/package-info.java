/** {@code gpuctl experiment}: runs experiment files, shows how they go and what came out. */
@NullMarked
package io.gpuctl.cli.experiment;

import org.jspecify.annotations.NullMarked;
