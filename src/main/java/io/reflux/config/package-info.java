/** The configuration of the service, and what it comes to for one feed and for a distillation. */
@org.jspecify.annotations.NullMarked
package io.reflux.config;
