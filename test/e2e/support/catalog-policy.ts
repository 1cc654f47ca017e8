/** The JSON text of a settings catalog policy with given numbers of settings and assignments. */
export function catalogPolicyText(
  name: string,
  counts: { settings: number; assignments: number },
): string {
  return JSON.stringify({
    name,
    description: 'Made by a test',
    platforms: 'windows10',
    technologies: 'mdm',
    roleScopeTagIds: ['0'],
    settings: Array.from({ length: counts.settings }, (_, at) => settingOf(at)),
    assignments: Array.from({ length: counts.assignments }, (_, at) => assignmentOf(at)),
  });
}

function settingOf(at: number) {
  return {
    '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting',
    settingInstance: {
      '@odata.type': '#microsoft.graph.deviceManagementConfigurationSimpleSettingInstance',
      settingDefinitionId: `device_vendor_msft_policy_config_made_${at}`,
      simpleSettingValue: {
        '@odata.type': '#microsoft.graph.deviceManagementConfigurationIntegerSettingValue',
        value: at,
      },
    },
  };
}

function assignmentOf(at: number) {
  const groupId = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  return { target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId } };
}
