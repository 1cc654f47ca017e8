/** Ends the servers of global-setup.mts. */
export default async function teardown(): Promise<void> {
  const { stopTestParts } = globalThis as unknown as { stopTestParts?: () => Promise<void> };
  await stopTestParts?.();
}
