package io.reflux.api;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Bounds how often a caller uploads, before anything of the body is read. */
@Provider
@LimitedUploads
public class UploadRate implements ContainerRequestFilter {
    private final Instance<CallRates> rates;

    /** @param rates looked up by each call: filters are made before there is a configuration */
    @Inject
    UploadRate(Instance<CallRates> rates) {
        this.rates = rates;
    }

    @Override
    public void filter(ContainerRequestContext call) {
        rates.get().upload();
    }
}
