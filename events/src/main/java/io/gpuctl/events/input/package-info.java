/**
 * Reads JSON and text from untrusted sources: requests, records and files. The package limits how much is read, refuses
 * values before they are used or stored, and describes errors. It depends on no particular topic or file.
 */
@NullMarked
package io.gpuctl.events.input;

import org.jspecify.annotations.NullMarked;
