package io.reflux.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.reflux.rounds.FakeEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The service of the tests of the API, with limits of uploads that a small archive reaches. */
public final class NarrowProfile implements QuarkusTestProfile {
    static final int IMAGES = 3;
    static final int MEGABYTES = 1;
    static final int BODY_BYTES = 100 * 1024;

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> properties = new HashMap<>(new ApiProfile().getConfigOverrides());
        properties.put("reflux.uploads.images", String.valueOf(IMAGES));
        properties.put("reflux.uploads.unpacked-megabytes", String.valueOf(MEGABYTES));
        properties.put("quarkus.http.limits.max-body-size", "100K");
        return properties;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(FakeEngine.class);
    }
}
