import { toAllDevices, toGroup } from './sample-assignment.ts';
import { sampleId } from './sample-id.ts';
import type { SampleObject } from './sample-object.ts';
import { sampleDates } from './sample-object.ts';
import type { SampleProfile } from './sample-profile.ts';

/** The scripts of a sample tenant: PowerShell, shell, and remediations with a schedule. */
export function sampleScripts(profile: SampleProfile): SampleObject[] {
  return [...powershellScripts(profile), ...shellScripts(profile), ...remediations(profile)];
}

function powershellScripts(profile: SampleProfile): SampleObject[] {
  const scripts = [
    ['Set time zone', 'Set-TimeZone -Id "W. Europe Standard Time"'],
    ['Remove consumer apps', 'Get-AppxPackage *solitaire* | Remove-AppxPackage'],
    ['Map printers', `Add-Printer -ConnectionName "\\\\print.${profile.domain}\\Floor1"`],
    ['Enable remote help', 'Enable-PSRemoting -Force -SkipNetworkProfileCheck'],
  ] as const;
  return scripts.map(([name, content]) => ({
    path: '/deviceManagement/deviceManagementScripts',
    body: {
      ...scriptBase(profile, name, content, 'ps1'),
      enforceSignatureCheck: false,
      runAs32Bit: false,
      assignments: [toGroup(profile.tenantId, 'SG-Devices-Windows-Broad')],
    },
  }));
}

function shellScripts(profile: SampleProfile): SampleObject[] {
  const scripts = [
    ['Install Rosetta', '#!/bin/zsh\nsoftwareupdate --install-rosetta --agree-to-license\n'],
    ['Set computer name', '#!/bin/zsh\nscutil --set ComputerName "mac-$(date +%s)"\n'],
  ] as const;
  return scripts.map(([name, content]) => ({
    path: '/deviceManagement/deviceShellScripts',
    body: {
      ...scriptBase(profile, name, content, 'sh'),
      blockExecutionNotifications: true,
      executionFrequency: 'P1D',
      retryCount: 3,
      assignments: [toGroup(profile.tenantId, 'SG-Devices-macOS-Broad')],
    },
  }));
}

function scriptBase({ tenantId, prefix }: SampleProfile, name: string, content: string, end: string) {
  return {
    id: sampleId(tenantId, `script:${name}`),
    ...sampleDates,
    displayName: `${prefix} ${name}`,
    description: '',
    scriptContent: base64(content),
    runAsAccount: 'system',
    fileName: `${name.toLowerCase().replaceAll(' ', '-')}.${end}`,
    roleScopeTagIds: ['0'],
  };
}

function remediations({ tenantId, prefix }: SampleProfile): SampleObject[] {
  const scripts = [
    ['Restart stuck print spooler', 'Get-Service Spooler', 'Restart-Service Spooler', false],
    ['Clear old profiles', 'Get-CimInstance Win32_UserProfile', 'Remove-OldProfiles.ps1', false],
    ['Update stale group policies', 'gpresult /r', 'gpupdate /force', true],
  ] as const;
  return scripts.map(([name, detection, remediation, isGlobal]) => ({
    path: '/deviceManagement/deviceHealthScripts',
    body: {
      id: sampleId(tenantId, `remediation:${name}`),
      ...sampleDates,
      publisher: isGlobal ? 'Microsoft' : prefix,
      version: '1',
      displayName: isGlobal ? name : `${prefix} ${name}`,
      description: '',
      detectionScriptContent: base64(detection),
      remediationScriptContent: base64(remediation),
      runAsAccount: 'system',
      enforceSignatureCheck: false,
      runAs32Bit: false,
      roleScopeTagIds: ['0'],
      isGlobalScript: isGlobal,
      highestAvailableVersion: isGlobal ? '1' : null,
      deviceHealthScriptType: 'deviceHealthScript',
      detectionScriptParameters: [],
      remediationScriptParameters: [],
      assignments: isGlobal ? [] : [{ ...toAllDevices(), ...schedule }],
    },
  }));
}

const schedule = {
  runRemediationScript: true,
  runSchedule: {
    '@odata.type': '#microsoft.graph.deviceHealthScriptDailySchedule',
    interval: 1,
    useUtc: false,
    time: '09:30:00.0000000',
  },
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
