/** The HTTP interface: REST resources, server-sent events, health checks, metrics and the dashboard. */
@NullMarked
package io.reflux.api;

import org.jspecify.annotations.NullMarked;
