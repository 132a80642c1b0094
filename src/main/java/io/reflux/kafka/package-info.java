/** The way to Kafka: the broker in the process, the connection of the process, the topics. */
@org.jspecify.annotations.NullMarked
package io.reflux.kafka;
