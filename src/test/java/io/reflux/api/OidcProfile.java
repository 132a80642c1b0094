package io.reflux.api;

import java.util.List;
import java.util.Map;

/** Tokens of a provider that runs beside the tests. */
public class OidcProfile extends SecuredProfile {
    /** For which tokens are taken longer than they say. */
    static final int GRACE_SECONDS = 3;

    public OidcProfile() {
        super("oidc");
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> properties = super.getConfigOverrides();
        properties.put("quarkus.oidc.token.lifespan-grace", String.valueOf(GRACE_SECONDS));
        return properties;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(TokenIssuer.class));
    }
}
