/** Ends what global-setup.ts started. */
export default async function teardown(): Promise<void> {
  const { stopTestParts } = globalThis as unknown as { stopTestParts?: () => Promise<void> };
  await stopTestParts?.();
}
