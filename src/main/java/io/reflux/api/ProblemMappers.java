package io.reflux.api;

import io.reflux.rounds.GenerationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a call throws into a problem document. */
final class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        return e.response();
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e) {
        Status status = Status.fromStatusCode(e.getResponse().getStatus());
        if (status == null || status.getFamily() != Response.Status.Family.CLIENT_ERROR) {
            return e.getResponse();
        }
        return Problem.of("bad-request", status.getReasonPhrase(), status, String.valueOf(e.getMessage()))
                .response();
    }

    @ServerExceptionMapper
    Response damaged(GenerationException e) {
        return Problem.of(
                        "generation-unreadable",
                        "Generation not readable",
                        Status.SERVICE_UNAVAILABLE,
                        String.valueOf(e.getMessage()))
                .response();
    }

    @ServerExceptionMapper
    Response broker(KafkaException e) {
        LOG.warnf("a call failed for the broker: %s", e.getMessage());
        return Problem.of(
                        "broker-unavailable",
                        "Broker not available",
                        Status.SERVICE_UNAVAILABLE,
                        "Kafka did not answer in time: " + e.getMessage() + "; try again")
                .response();
    }
}
