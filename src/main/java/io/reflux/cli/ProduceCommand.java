package io.reflux.cli;

import io.opentelemetry.context.Context;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.Figures;
import io.reflux.console.ImageEncoding;
import io.reflux.console.JsonOption;
import io.reflux.console.Meter;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.image.DataSet;
import io.reflux.image.ImageSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends a data set's training images to the images topic, as a device would. */
@Command(
        name = "produce",
        sortOptions = false,
        description = "Sends the training images of a data set to the service.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux produce --data fashion-mnist                   all images, to the broker on this machine",
            "  reflux produce --data cifar10 --feed cars --rate 50   fifty a second, to a feed of their own",
            "  reflux produce --loop --rate 20                       drawn images, until Ctrl-C",
            "",
            "Every image has a source, an id and a time that depend on the data set and its place in it alone:",
            "sending it again changes nothing. --loop makes new images of every pass."
        })
final class ProduceCommand extends ConsoleCommand {
    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Option(
            names = "--limit-per-class",
            paramLabel = "N",
            description = "Send at most this many images of each class, drawn by the seed (default: all).")
    private @Nullable Integer limit;

    @Option(names = "--rate", paramLabel = "N", description = "Images per second (default: as fast as possible).")
    private double rate = Double.POSITIVE_INFINITY;

    @Option(names = "--loop", description = "Begin again at the end, until Ctrl-C.")
    private boolean loop;

    @Option(
            names = "--encoding",
            defaultValue = "raw",
            description = "How images are encoded: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private ImageEncoding encoding = ImageEncoding.RAW;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws the images (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--trace",
            paramLabel = "URL",
            description =
                    "Where a collector of traces takes OTLP over HTTP, such as http://127.0.0.1:4318; the images say"
                            + " that they come from this run (default: no trace).")
    private @Nullable String trace;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        checkOptions(terminal);
        DataSet source = data.load(terminal, seed);
        ImageSet images = limit == null ? source.train() : source.train().perClass(limit, seed);
        kafka.requireTopic(kafka.topics().images());
        if (trace == null) {
            report(send(source, images, Context.root(), terminal), terminal);
            return;
        }
        try (SendingTrace traced = new SendingTrace(trace, kafka.feed(), terminal)) {
            Sent total = send(source, images, traced.context(), terminal);
            traced.sent(total.images());
            report(total, terminal);
        }
    }

    private Sent send(DataSet source, ImageSet images, Context origin, Terminal terminal) {
        Sent total = Sent.NOTHING;
        try (ImageSender sender =
                new ImageSender(kafka.properties(), kafka.topics(), kafka.feed(), encoding, rate, origin)) {
            int pass = 0;
            do {
                Passage passage = new Passage(source.name(), pass++);
                try (Meter meter = terminal.meter("sending", "images", images.size())) {
                    total = total.plus(sender.send(images, passage, meter));
                }
            } while (loop);
        }
        return total;
    }

    private void checkOptions(Terminal terminal) {
        if (limit != null && limit < 1) {
            throw CommandException.usage("--limit-per-class is " + limit + ", must be at least 1");
        }
        if (!(rate > 0)) {
            throw CommandException.usage("--rate is " + rate + ", must be positive");
        }
        if (trace != null) {
            SendingTrace.requireAddress(trace);
            if (loop) {
                throw CommandException.usage("--trace tells of a run that ends; leave out --loop");
            }
        }
        json.prepare(terminal);
    }

    private void report(Sent sent, Terminal terminal) {
        terminal.print("sent " + Table.count(sent.images()) + " images, " + Table.count(sent.bytes())
                + " bytes, to feed '" + kafka.feed() + "' at " + kafka.bootstrap() + " in "
                + Table.decimal(sent.seconds(), 1) + " s: " + Table.count(Math.round(sent.rate())) + " images/s");
        Figures figures = new Figures()
                .put("feed", kafka.feed())
                .put("images", sent.images())
                .put("bytes", sent.bytes())
                .put("seconds", sent.seconds())
                .put("rate", sent.rate());
        json.write(figures, terminal);
    }
}
