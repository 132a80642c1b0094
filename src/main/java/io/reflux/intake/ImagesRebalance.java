package io.reflux.intake;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Tells the collector when partitions of the images topic come and go; made before the channels it writes to. */
@Singleton
@Identifier("images")
class ImagesRebalance implements KafkaConsumerRebalanceListener {
    private final Instance<Collector> collector;

    @Inject
    ImagesRebalance(Instance<Collector> collector) {
        this.collector = collector;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        collector.get().assigned(consumer.assignment());
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        collector.get().finishBatches();
        collector.get().revoked(partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        onPartitionsRevoked(consumer, partitions);
    }
}
