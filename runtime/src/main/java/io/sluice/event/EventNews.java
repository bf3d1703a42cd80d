package io.sluice.event;

import io.sluice.cluster.Newscast;
import java.util.List;

/** Events of another node. */
public record EventNews(long from, List<Event> items) implements Newscast.News<Event> {}
