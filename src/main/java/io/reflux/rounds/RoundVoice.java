package io.reflux.rounds;

import io.reflux.wire.RoundEvent;

/** Where a round's events go. */
interface RoundVoice {
    /** Tells that a round begins or ends; tries hard that it is heard. */
    void announce(RoundEvent event);

    /** Tells how far it is; may be lost. */
    void mention(RoundEvent event);

    /** Whether the feed's rounds are this process's to run. */
    boolean owns(String feed);

    /** Whether somebody asked to stop this round. */
    boolean cancelRequested(String feed, String round);
}
