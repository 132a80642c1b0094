package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Terminal;
import io.reflux.reservoir.Forgetting;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ReservoirKey;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes an image, or all images of a device, out of a feed for good. */
@Command(
        name = "erase",
        sortOptions = false,
        description = "Takes an image, or all images of a device, out of a feed and keeps them out.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux erase --identity e/%%2Fcamera%%2F1/image-7/2026-01-01T00%%3A00%%3A00Z --yes",
            "                                                        one image, by the name its producer gave it",
            "  reflux erase --at 3:1234 --yes                        one image, by its partition and offset on images",
            "  reflux erase --device camera-1                        a device's images, those to come as well",
            "  reflux erase --device camera-1 --until 2026-03-01T12:00:00Z --yes",
            "                                                        its images taken until then",
            "  reflux erase --device camera-1 --lift                 lets them in again when they are sent again",
            "",
            "The sample and the caches forget at once, the next round begins anew. A set that is published may",
            "still carry traces until the next generation has taken its place."
        })
final class EraseCommand extends ConsoleCommand {
    private static final Pattern PLACE = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @ArgGroup(multiplicity = "1")
    private Target target = new Target();

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "With --device: only images taken until this time, such as 2026-03-01T12:00:00Z.")
    private @Nullable Instant until;

    @Option(names = "--lift", description = "Take the erasure back instead.")
    private boolean lift;

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private JsonOption json = new JsonOption();

    /** What is meant. */
    static final class Target {
        @Option(
                names = "--identity",
                paramLabel = "TEXT",
                description = "An image: e/SOURCE/ID/TIME or o/TOPIC-ID/PARTITION/OFFSET.")
        private @Nullable String identity;

        @Option(
                names = "--at",
                paramLabel = "PARTITION:OFFSET",
                description = "An image that was sent without an event, by its place on the images topic.")
        private @Nullable String place;

        @Option(
                names = "--device",
                paramLabel = "NAME",
                description = "All images whose record has this key, or whose event this source.")
        private @Nullable String device;
    }

    @Override
    protected void run(Terminal terminal) {
        if (until != null && target.device == null) {
            throw CommandException.usage("--until goes with --device only");
        }
        json.prepare(terminal);
        Instant limit = until;
        kafka.requireTopic(kafka.topics().reservoir());
        try (Forgetting forgetting = new Forgetting(kafka.properties(), kafka.topics())) {
            ReservoirKey.OfErasure key = key(forgetting);
            String what =
                    (target.device == null ? "image " + key.name() : "every image of device '" + target.device + "'")
                            + (limit == null ? "" : " taken until " + limit);
            if (lift) {
                forgetting.lift(key);
                terminal.print(
                        "lifted: " + what + " of feed '" + kafka.feed() + "' may be kept again when it is sent again");
                report("lifted", key, terminal);
                return;
            }
            confirmation.require(terminal, "this takes " + what + " out of feed '" + kafka.feed() + "' for good");
            if (target.device == null) {
                forgetting.erase(kafka.feed(), new Identity(key.name()));
            } else {
                forgetting.erase(kafka.feed(), Device.of(target.device), limit);
            }
            terminal.print("erased: " + what + " of feed '" + kafka.feed()
                    + "'; the next round begins without it, published generations stay until it is over");
            report("erased", key, terminal);
        }
    }

    private void report(String outcome, ReservoirKey.OfErasure key, Terminal terminal) {
        json.write(
                new Figures().put("feed", kafka.feed()).put("outcome", outcome).put("name", key.name()), terminal);
    }

    private ReservoirKey.OfErasure key(Forgetting forgetting) {
        if (target.device != null) {
            return ReservoirKey.OfErasure.of(kafka.feed(), Device.of(target.device));
        }
        return ReservoirKey.OfErasure.of(
                kafka.feed(),
                target.place == null ? new Identity(String.valueOf(target.identity)) : at(forgetting, target.place));
    }

    private static Identity at(Forgetting forgetting, String place) {
        Matcher matcher = PLACE.matcher(place);
        if (!matcher.matches()) {
            throw CommandException.usage("--at is '" + place + "', must be PARTITION:OFFSET such as 3:1234");
        }
        return forgetting.imageAt(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
}
