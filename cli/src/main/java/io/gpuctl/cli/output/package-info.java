/** How answers look: tables for people, JSON and YAML for programs. Knows no server. */
@NullMarked
package io.gpuctl.cli.output;

import org.jspecify.annotations.NullMarked;
