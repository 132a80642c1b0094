package io.reflux.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.reflux.rounds.FakeEngine;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The service of the tests of the API, with callers that have to say who they are. */
abstract class SecuredProfile implements QuarkusTestProfile {
    private final String mode;

    SecuredProfile(String mode) {
        this.mode = mode;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> properties = new HashMap<>(new ApiProfile().getConfigOverrides());
        properties.put("reflux.security", mode);
        properties.put("reflux.rates.uploads", "30");
        properties.put("reflux.rates.rounds", "10");
        return properties;
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(FakeEngine.class);
    }
}
