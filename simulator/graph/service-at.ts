/** The first segments of what Entra's own service answers. */
const directorySegments = ['groups', 'users', 'me', 'organization', 'directoryobjects'];

const conditionalAccess = /^\/*identity\/conditionalaccess\b/i;

/** The service behind Graph that answers a path; each has limits of its own. */
export function serviceAt(path: string): 'intune' | 'directory' | 'policy' | 'conditionalAccess' {
  if (conditionalAccess.test(path)) return 'conditionalAccess';
  const first = path.split('/').find((segment) => segment !== '') ?? '';
  const name = first.replace(/\(.*$/s, '').toLowerCase();
  if (directorySegments.includes(name)) return 'directory';
  return name.startsWith('identity') || name === 'policies' ? 'policy' : 'intune';
}
