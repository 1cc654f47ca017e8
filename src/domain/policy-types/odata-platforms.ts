import type { OdataTypePrefix } from './policy-type.ts';

/**
 * Platforms by the start of a derived type's name, in the words of deviceManagementConfigurationPlatforms. Longer
 * prefixes precede the shorter ones.
 */
export const odataPlatforms: readonly OdataTypePrefix[] = [
  { prefix: 'androidForWork', platform: 'androidEnterprise' },
  { prefix: 'androidWorkProfile', platform: 'androidEnterprise' },
  { prefix: 'androidDeviceOwner', platform: 'androidEnterprise' },
  { prefix: 'android', platform: 'android' },
  { prefix: 'aosp', platform: 'aosp' },
  { prefix: 'ios', platform: 'iOS' },
  { prefix: 'macOS', platform: 'macOS' },
  { prefix: 'windowsPhone81', platform: 'windowsPhone81' },
  { prefix: 'windows81', platform: 'windows81' },
  { prefix: 'windows', platform: 'windows10' },
  { prefix: 'editionUpgrade', platform: 'windows10' },
  { prefix: 'sharedPC', platform: 'windows10' },
];
