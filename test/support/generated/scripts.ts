import { assignments } from './assignments.ts';
import { base64 } from './base64.ts';
import { scopeTags } from './foundations.ts';
import { dates, maker, type Making, type SeedBody } from './object-maker.ts';

const manage = '/deviceManagement';
/** Scripts of realistic length. */
const scriptLines = 25;

function content(making: Making, language: 'powershell' | 'shell'): string {
  const write = language === 'powershell' ? 'Write-Output' : 'echo';
  const lines = Array.from({ length: scriptLines }, (_, at) => `${write} "${making.index}:${at}"`);
  return base64(`${lines.join('\n')}\n`);
}

function common(making: Making): SeedBody {
  return {
    ...dates(making),
    displayName: making.name,
    description: '',
    roleScopeTagIds: scopeTags(making),
    runAsAccount: 'system',
    fileName: `script-${making.index}.txt`,
  };
}

/** Discovery scripts of compliance policies, which have no assignments. */
export const complianceScripts = maker(
  `${manage}/deviceComplianceScripts`,
  'Discovery',
  1.5,
  (making) => ({
    ...common(making),
    publisher: 'Contoso',
    enforceSignatureCheck: false,
    runAs32Bit: false,
    version: '1',
    detectionScriptContent: content(making, 'powershell'),
    assignments: [],
  }),
);

/** Scripts of all other kinds. */
export const scripts = [
  maker(`${manage}/deviceManagementScripts`, 'PowerShell', 4, (making) => ({
    ...common(making),
    enforceSignatureCheck: false,
    runAs32Bit: true,
    scriptContent: content(making, 'powershell'),
    assignments: assignments(making),
  })),
  maker(`${manage}/deviceShellScripts`, 'Shell', 3, (making) => ({
    ...common(making),
    executionFrequency: 'PT0S',
    retryCount: 3,
    blockExecutionNotifications: true,
    scriptContent: content(making, 'shell'),
    assignments: assignments(making),
  })),
  maker(`${manage}/deviceCustomAttributeShellScripts`, 'Attribute', 1.5, (making) => ({
    ...common(making),
    customAttributeName: making.name,
    customAttributeType: 'string',
    scriptContent: content(making, 'shell'),
    assignments: assignments(making),
  })),
  maker(`${manage}/deviceHealthScripts`, 'Remediation', 3, (making) => ({
    ...common(making),
    publisher: 'Contoso',
    version: '1',
    isGlobalScript: false,
    deviceHealthScriptType: 'deviceHealthScript',
    highestAvailableVersion: null,
    enforceSignatureCheck: false,
    runAs32Bit: false,
    detectionScriptContent: content(making, 'powershell'),
    remediationScriptContent: content(making, 'powershell'),
    assignments: assignments(making, {
      runRemediationScript: true,
      runSchedule: {
        '@odata.type': '#microsoft.graph.deviceHealthScriptDailySchedule',
        interval: 1,
        useUtc: false,
        time: '01:00:00.0000000',
      },
    }),
  })),
];
