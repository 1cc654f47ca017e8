/** First path segments of Entra's directory service. */
const directorySegments = ['groups', 'users', 'me', 'organization', 'directoryobjects'];

const conditionalAccess = /^\/*identity\/conditionalaccess\b/i;

/** Returns the service behind Graph for a path; each has its own limits. */
export function serviceAt(path: string): 'intune' | 'directory' | 'policy' | 'conditionalAccess' {
  if (conditionalAccess.test(path)) return 'conditionalAccess';
  const first = path.split('/').find((segment) => segment !== '') ?? '';
  const name = first.replace(/\(.*$/s, '').toLowerCase();
  if (directorySegments.includes(name)) return 'directory';
  return name.startsWith('identity') || name === 'policies' ? 'policy' : 'intune';
}
