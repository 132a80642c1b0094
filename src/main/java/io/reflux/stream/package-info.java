/** The way of the images through Kafka: the embedded broker, the topics, the collector and the owner of the samples. */
@org.jspecify.annotations.NullMarked
package io.reflux.stream;
