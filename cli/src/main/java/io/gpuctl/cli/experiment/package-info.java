/** {@code gpuctl experiment}: runs experiment files, and shows their progress and results. */
@NullMarked
package io.gpuctl.cli.experiment;

import org.jspecify.annotations.NullMarked;
