export interface SharedAbort {
  /** Aborts when the last of the callers has given up; undefined when one of them cannot. */
  readonly signal: AbortSignal | undefined;
  /** Takes the listeners off the callers' signals, which may outlive the call by far. */
  dispose(): void;
}

/** Takes the signals of callers who wait for one call, and returns the signal of that call. */
export function abortOfAll(signals: readonly (AbortSignal | undefined)[]): SharedAbort {
  const given = signals.filter((signal) => signal !== undefined);
  if (given.length < signals.length) return { signal: undefined, dispose: () => undefined };
  const controller = new AbortController();
  const check = (): void => {
    if (given.every(({ aborted }) => aborted)) controller.abort(given.at(-1)?.reason);
  };
  for (const signal of given) signal.addEventListener('abort', check);
  check();
  return {
    signal: controller.signal,
    dispose: () => {
      for (const signal of given) signal.removeEventListener('abort', check);
    },
  };
}
