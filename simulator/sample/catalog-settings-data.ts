import type { SettingValue } from './catalog-setting.ts';

/** A policy area of Windows: the id prefix of its settings, and the settings with their values. */
type Area = readonly [string, readonly (readonly [string, SettingValue])[]];

const on: SettingValue = { option: '1' };
const off: SettingValue = { option: '0' };

const windowsAreas: readonly Area[] = [
  [
    'defender',
    [
      ['allowarchivescanning', on],
      ['allowbehaviormonitoring', on],
      ['allowcloudprotection', on],
      ['allowemailscanning', on],
      ['allowfullscanonmappednetworkdrives', off],
      ['allowfullscanremovabledrivescanning', on],
      ['allowioavprotection', on],
      ['allowrealtimemonitoring', on],
      ['allowscanningnetworkfiles', on],
      ['allowscriptscanning', on],
      ['avgcpuloadfactor', 50],
      ['checkforsignaturesbeforerunningscan', on],
      ['cloudblocklevel', { option: '2' }],
      ['cloudextendedtimeout', 50],
      ['daystoretaincleanedmalware', 30],
      ['enablenetworkprotection', on],
      ['excludedextensions', ['.vhdx', '.avhdx']],
      ['excludedpaths', ['C:\\ProgramData\\Backup\\Staging']],
      ['puaprotection', on],
      ['signatureupdateinterval', 4],
    ],
  ],
  [
    'devicelock',
    [
      ['devicepasswordenabled', off],
      ['devicepasswordhistory', 24],
      ['maxdevicepasswordfailedattempts', 10],
      ['maxinactivitytimedevicelock', 15],
      ['mindevicepasswordlength', 14],
    ],
  ],
  [
    'browser',
    [
      ['allowautofill', off],
      ['allowpasswordmanager', off],
      ['allowsmartscreen', on],
      ['preventsmartscreenpromptoverride', on],
    ],
  ],
  [
    'experience',
    [
      ['allowcortana', off],
      ['allowfindmydevice', on],
      ['allowmanualmdmunenrollment', off],
      ['allowwindowsconsumerfeatures', off],
      ['allowwindowstips', off],
      ['donotshowfeedbacknotifications', on],
    ],
  ],
  [
    'localpoliciessecurityoptions',
    [
      ['accounts_enableguestaccountstatus', off],
      ['accounts_limitlocalaccountuseofblankpasswordstoconsolelogononly', on],
      ['accounts_renameguestaccount', 'visitor'],
      ['interactivelogon_donotdisplaylastsignedin', on],
      ['interactivelogon_machineinactivitylimit', 900],
      ['interactivelogon_messagetextforusersattemptingtologon', 'For staff only. Use is recorded.'],
      ['networksecurity_lanmanagerauthenticationlevel', { option: '5' }],
      ['useraccountcontrol_behavioroftheelevationpromptforadministrators', { option: '2' }],
      ['useraccountcontrol_detectapplicationinstallationsandpromptforelevation', on],
      ['useraccountcontrol_runalladministratorsinadminapprovalmode', on],
    ],
  ],
  [
    'privacy',
    [
      ['allowinputpersonalization', off],
      ['letappsactivatewithvoice', { option: '2' }],
      ['letappsaccesscamera', { option: '0' }],
      ['letappsaccesslocation', { option: '2' }],
    ],
  ],
  [
    'system',
    [
      ['allowtelemetry', on],
      ['allowlocation', on],
      ['allowstoragecard', off],
      ['configuretelemetryoptinsettingsux', on],
    ],
  ],
  [
    'update',
    [
      ['activehoursend', 19],
      ['activehoursstart', 7],
      ['allowmuupdateservice', on],
      ['configuredeadlineforfeatureupdates', 7],
      ['configuredeadlineforqualityupdates', 3],
      ['configuredeadlinegraceperiod', 2],
      ['managepreviewbuilds', { option: '2' }],
    ],
  ],
];

export const windowsAreaNames: readonly string[] = windowsAreas.map(([area]) => area);

/** Returns the settings of one area. */
export function settingsOfArea(area: string): readonly (readonly [string, SettingValue])[] {
  const settings = windowsAreas.find(([name]) => name === area)?.[1] ?? [];
  return settings.map(
    ([name, value]) => [`device_vendor_msft_policy_config_${area}_${name}`, value] as const,
  );
}

/** Sixty settings: more than two pages of 25. */
export const windowsBaselineSettings: readonly (readonly [string, SettingValue])[] =
  windowsAreaNames.flatMap(settingsOfArea);

const edgePrefix = 'device_vendor_msft_policy_config_microsoft_edgev80~policy~microsoft_edge';

/** Browser settings for all users. */
export const edgeSettings: readonly (readonly [string, SettingValue])[] = [
  [`${edgePrefix}_autofillcreditcardenabled`, off],
  [`${edgePrefix}_browsersignin`, { option: '2' }],
  [`${edgePrefix}_forcegooglesafesearch`, on],
  [`${edgePrefix}~homepage_homepagelocation`, 'https://intranet.example/'],
  [`${edgePrefix}~passwordmanager_passwordmanagerenabled`, off],
  [`${edgePrefix}~smartscreen_smartscreenenabled`, on],
  [`${edgePrefix}~startup_restoreonstartupurls`, ['https://intranet.example/', 'https://news.example/']],
];

const fileVaultPrefix = 'com.apple.mcx.filevault2';

/** Disk encryption of macOS. */
export const fileVaultSettings: readonly (readonly [string, SettingValue])[] = [
  [`${fileVaultPrefix}_defer`, { option: 'true' }],
  [`${fileVaultPrefix}_enable`, { option: '0' }],
  [`${fileVaultPrefix}_deferforceatuserloginmaxbypassattempts`, 3],
  [`${fileVaultPrefix}_showrecoverykey`, { option: 'false' }],
];
