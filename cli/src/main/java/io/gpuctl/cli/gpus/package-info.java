/** The catalogue of GPU models, and their behaviour under load according to the physical model. */
@NullMarked
package io.gpuctl.cli.gpus;

import org.jspecify.annotations.NullMarked;
