package io.reflux.feeds;

import io.reflux.wire.RoundEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The last answers to what was asked of a feed's generations, for those who wait for them. */
public final class OrderAnswers {
    private static final int REMEMBERED = 256;
    private final Map<String, RoundEvent> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RoundEvent> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized void take(RoundEvent event) {
        if (event.type().answers()) {
            answers.putIfAbsent(event.round(), event);
            notifyAll();
        }
    }

    /**
     * Waits for an answer.
     *
     * @param request the round id of what was asked
     * @return empty when there is none in time
     */
    public synchronized Optional<RoundEvent> await(String request, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answers.containsKey(request)) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return Optional.ofNullable(answers.get(request));
    }
}
