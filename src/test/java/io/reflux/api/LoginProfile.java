package io.reflux.api;

import java.util.List;
import java.util.Map;

/** A provider beside the tests at which browsers log in; programs bring its tokens. */
public final class LoginProfile extends SecuredProfile {
    public LoginProfile() {
        super("oidc");
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> properties = super.getConfigOverrides();
        properties.put("quarkus.oidc.application-type", "hybrid");
        properties.put("quarkus.oidc.client-id", TokenIssuer.CLIENT);
        properties.put("quarkus.oidc.credentials.secret", TokenIssuer.SECRET);
        return properties;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(TokenIssuer.class));
    }
}
