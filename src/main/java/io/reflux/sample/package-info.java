/** A bounded, mergeable, idempotent sample of each feed: bottom-k sampling by priorities that are pure functions. */
@org.jspecify.annotations.NullMarked
package io.reflux.sample;
