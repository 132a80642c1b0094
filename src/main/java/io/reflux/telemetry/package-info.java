/** What the service tells of itself, in spans and log lines, and how it keeps quiet and out of the way. */
@org.jspecify.annotations.NullMarked
package io.reflux.telemetry;
