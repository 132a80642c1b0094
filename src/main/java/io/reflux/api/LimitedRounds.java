package io.reflux.api;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Marks what counts against {@code reflux.rates.rounds}. */
@NameBinding
@Retention(RetentionPolicy.RUNTIME)
@interface LimitedRounds {}
