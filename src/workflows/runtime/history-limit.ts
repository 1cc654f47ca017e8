/** Well below 8,000 events, at which pages of the Web UI and replays grow slow. An activity has six events. */
export const historyEventsMax = 6_000;
