/** The measurements of Reflux itself: how fast, how small, how good, and how steady it is. */
@org.jspecify.annotations.NullMarked
package io.reflux.bench;
