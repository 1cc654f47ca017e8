/** Well before the 8,000 events at which an operator's page and a worker's replay grow slow; an activity has six. */
export const historyEventsMax = 6_000;
