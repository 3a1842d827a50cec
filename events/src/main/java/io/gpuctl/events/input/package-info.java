/**
 * JSON and text that others wrote, in requests, records and files: how much of it is read, what is refused before anything
 * is computed with it or kept of it, and the words for what is wrong. Knows no topic and no file.
 */
@NullMarked
package io.gpuctl.events.input;

import org.jspecify.annotations.NullMarked;
