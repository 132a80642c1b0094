package io.reflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(KafkaConnectionTest.WithoutCluster.class)
final class KafkaConnectionTest {
    public static final class WithoutCluster implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.data.directory", TestDirectories.fresh("connection").toString(),
                    "reflux.broker.port", "0",
                    "reflux.topics.prefix", "plant-1.",
                    "reflux.topics.partitions", "2");
        }
    }

    @Inject
    KafkaConnection connection;

    @Test
    void startsABrokerWithItsTopicsWhereNoClusterIsConfigured() {
        Map<String, Object> client = connection.clientProperties();

        assertThat(connection.isEmbedded()).isTrue();
        assertThat(client).containsEntry("bootstrap.servers", connection.bootstrapServers());
        assertThat(connection.names().images()).isEqualTo("plant-1.images");
        assertThat(connection.partitionsByFeed()).isEqualTo(2);
        assertThat(connection.imagesId()).isNotEqualTo(Uuid.ZERO_UUID);
    }
}
