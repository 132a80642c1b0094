/** What stands in a Kafka record: images, kept images, shards, manifests and round events, with their keys and headers. */
@NullMarked
package io.reflux.wire;

import org.jspecify.annotations.NullMarked;
