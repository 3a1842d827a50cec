/** The forms of output: tables for people, JSON and YAML for programs. Independent of any server. */
@NullMarked
package io.gpuctl.cli.output;

import org.jspecify.annotations.NullMarked;
