package io.reflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(WithoutCollectorTest.ApiOnly.class)
final class WithoutCollectorTest {
    public static final class ApiOnly implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.data.directory", TestDirectories.fresh("api").toString(),
                    "reflux.broker.port", "0",
                    "reflux.roles", "api");
        }
    }

    @Inject
    KafkaConnection kafka;

    @Test
    void readsNoImagesInAnotherRole() throws Exception {
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            assertThat(admin.listGroups().all().get())
                    .extracting(GroupListing::groupId)
                    .doesNotContain("reflux-collector");
        }
    }
}
