package io.reflux.api;

import java.util.Map;

/** The same provider, at which browsers log in, too. */
public final class LoginProfile extends OidcProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> properties = super.getConfigOverrides();
        properties.put("quarkus.oidc.application-type", "hybrid");
        properties.put("quarkus.oidc.client-id", TokenIssuer.CLIENT);
        properties.put("quarkus.oidc.credentials.secret", TokenIssuer.SECRET);
        return properties;
    }
}
