/** Custom settings of Windows. Intune encrypts texts, but not numbers and booleans. */
export function customSettings(domain: string): Record<string, unknown>[] {
  return [
    {
      '@odata.type': '#microsoft.graph.omaSettingString',
      displayName: 'Wi-Fi for staff',
      description: 'Profile with a shared key',
      omaUri: './Vendor/MSFT/WiFi/Profile/Staff/WlanXml',
      isEncrypted: true,
      value: `<WLANProfile><name>Staff</name><sharedKey>sample-key-of-${domain}</sharedKey></WLANProfile>`,
    },
    {
      '@odata.type': '#microsoft.graph.omaSettingInteger',
      displayName: 'Idle lock',
      description: null,
      omaUri: './Vendor/MSFT/Policy/Config/DeviceLock/MaxInactivityTimeDeviceLock',
      isEncrypted: false,
      value: 15,
    },
    {
      '@odata.type': '#microsoft.graph.omaSettingBoolean',
      displayName: 'Widgets',
      description: null,
      omaUri: './Vendor/MSFT/Policy/Config/NewsAndInterests/AllowNewsAndInterests',
      isEncrypted: false,
      value: false,
    },
  ];
}
