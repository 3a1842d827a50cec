/** The description of the service: the list of routes, OpenAPI, ReDoc. */
@NullMarked
package io.gpuctl.api.docs;

import org.jspecify.annotations.NullMarked;
