/** What the service tells of itself, in spans and log lines, and what keeps the log quiet. */
@org.jspecify.annotations.NullMarked
package io.reflux.telemetry;
