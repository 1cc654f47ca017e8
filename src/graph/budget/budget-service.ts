import type { GraphService } from './budget.ts';

// By first segment; everything else that we read is Intune's: deviceManagement and deviceAppManagement.
const entraSegments: ReadonlySet<string> = new Set([
  'agreements',
  'applications',
  'directory',
  'directoryobjects',
  'groups',
  'identity',
  'identitygovernance',
  'me',
  'organization',
  'policies',
  'rolemanagement',
  'serviceprincipals',
  'users',
]);

/** Takes a path under the version, with or without a query, and returns the service whose limits it counts for. */
export function serviceOfPath(path: string): GraphService {
  const [first = '', second = ''] = path
    .toLowerCase()
    .split('?', 1)
    .flatMap((bare) => bare.split('/').filter((segment) => segment !== ''))
    // Keys may stand in parentheses: groups('id').
    .map((segment) => segment.replace(/\(.*$/s, ''));
  if (first === 'identityprotection') return 'conditionalAccess';
  if (first === 'identity' && second === 'conditionalaccess') return 'conditionalAccess';
  return entraSegments.has(first) ? 'entra' : 'intune';
}
