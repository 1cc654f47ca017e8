export interface SharedAbort {
  /** Aborts after all callers have given up; undefined if one of them has no signal. */
  readonly signal: AbortSignal | undefined;
  /** Removes the listeners from the callers' signals, which may live far longer than the call. */
  dispose(): void;
}

/** Combines the signals of several callers of one call. */
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
