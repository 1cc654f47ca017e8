import type { GraphService } from './budget.ts';

// First path segments of Entra. All other paths we read (deviceManagement, deviceAppManagement) belong to Intune.
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

/**
 * Returns the service whose limit a request counts against.
 * @param path relative to the version root, with or without a query.
 */
export function serviceOfPath(path: string): GraphService {
  const [first = '', second = ''] = path
    .toLowerCase()
    .split('?', 1)
    .flatMap((bare) => bare.split('/').filter((segment) => segment !== ''))
    // Drops a key in parentheses: groups('id').
    .map((segment) => segment.replace(/\(.*$/s, ''));
  if (first === 'identityprotection') return 'conditionalAccess';
  if (first === 'identity' && second === 'conditionalaccess') return 'conditionalAccess';
  return entraSegments.has(first) ? 'entra' : 'intune';
}
