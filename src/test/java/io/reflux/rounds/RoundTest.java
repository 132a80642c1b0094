package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.distill.Progress;
import io.reflux.distill.Stage;
import io.reflux.feeds.RoundTicket;
import io.reflux.feeds.RoundTicket.Trigger;
import io.reflux.wire.Manifest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundTest {
    private static final RoundTicket TICKET = new RoundTicket("feed", "r1", Trigger.REQUEST, Instant.EPOCH);

    @Test
    void followsTheProgressOfTheCoreFromStageToStage() {
        Round.Computing training = new Round.Requested(TICKET).sample().train();

        Round.Computing distilling = training.at(new Progress(Stage.WHITENING, 9, 20, Double.NaN))
                .at(new Progress(Stage.EXPERTS, 3, 8, 1.2))
                .at(new Progress(Stage.MATCHING, 40, 400, 0.5));

        assertThat(distilling).isInstanceOf(Round.Distilling.class);
        assertThat(distilling.stage()).isEqualTo("distilling");
        assertThat(distilling.measure()).isEqualTo(new Round.Measure(40, 400, 0.5));
        assertThat(distilling.ticket()).isEqualTo(TICKET);
    }

    @Test
    void skipsStagesThatTheCoreHasNothingToDoFor() {
        Round.Computing training = new Round.Requested(TICKET).sample().train();

        assertThat(training.at(new Progress(Stage.EVALUATION, 1, 3, Double.NaN)))
                .isInstanceOf(Round.Evaluating.class);
    }

    @Test
    void neverGoesBack() {
        Round.Computing evaluating =
                new Round.Requested(TICKET).sample().train().at(new Progress(Stage.EVALUATION, 1, 3, Double.NaN));

        assertThatThrownBy(() -> evaluating.at(new Progress(Stage.MATCHING, 1, 400, 0.5)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsItsTicketThroughEveryEnd() {
        Round.Sampling sampling = new Round.Requested(TICKET).sample();

        assertThat(sampling.refuse("no images")).isEqualTo(new Round.Refused(TICKET, "no images"));
        assertThat(sampling.fail("disk full")).isEqualTo(new Round.Failed(TICKET, "disk full"));
        assertThat(sampling.train().cancel("asked", false)).isEqualTo(new Round.Cancelled(TICKET, "asked", false));
    }

    @Test
    void tellsItsEndInALineOfTheLog() {
        Manifest manifest = Sets.manifest("feed", 4, Sets.filled(1, "a", "b"), List.of());

        assertThat(new Round.Published(TICKET, manifest))
                .hasToString("published generation 4 of 2 images: 80.0 % (random real images 50.0 %)");
        assertThat(new Round.Refused(TICKET, "no images")).hasToString("refused: no images");
        assertThat(new Round.Cancelled(TICKET, "it stops", true))
                .hasToString("stopped: it stops; the feed's owner goes on with it");
        assertThat(new Round.Failed(TICKET, "disk full")).hasToString("failed: disk full");
    }
}
