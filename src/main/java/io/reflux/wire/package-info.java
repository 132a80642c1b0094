/** What stands in a Kafka record: keys, headers and values of every topic, free of any client. */
@org.jspecify.annotations.NullMarked
package io.reflux.wire;
