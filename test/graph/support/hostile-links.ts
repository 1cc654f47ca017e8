/**
 * Links in hostile answers. The reader must refuse each of them before sending a request.
 * @param base Graph's URL with its port.
 * @param canary host and port of a listener no request may reach.
 */
export function hostileLinks(base: string, canary: string, path: string): string[] {
  const graphHost = new URL(base).host;
  const port = new URL(base).port;
  return [
    // Other hosts, plain and disguised.
    `http://${canary}/beta${path}`,
    `https://${canary}/beta${path}`,
    `https://graph.microsoft.com/beta${path}`,
    `http://${graphHost}.evil.test/beta${path}`,
    `http://${graphHost}:x@${canary}/beta${path}`,
    `http://${graphHost}@${canary}/beta${path}`,
    `http://user:password@${graphHost}/beta${path}`,
    `http://${graphHost}\\@${canary}/beta${path}`,
    `http://${canary}#@${graphHost}/beta${path}`,
    `http://${canary}?${graphHost}/beta${path}`,
    `//${canary}/beta${path}`,
    `\\\\${canary}/beta${path}`,
    `/\\${canary}/beta${path}`,
    `http:${canary}/beta${path}`,
    `http:/\t/${canary}/beta${path}`,
    `@${canary}/beta${path}`,
    // The same machine by other names and ports.
    `http://[::1]:${port}/beta${path}`,
    `http://2130706433:${port}/beta${path}`,
    `http://0x7f.1:${port}/beta${path}`,
    `http://localhost:${port}/beta${path}`,
    `http://127.0.0.1/beta${path}`,
    `HTTP://${graphHost}/beta${path}`,
    // Look-alikes and other clouds.
    `https://graph.microsoft.us/beta${path}`,
    `https://canary.graph.microsoft.com/beta${path}`,
    `https://xn--grph-5na.microsoft.com/beta${path}`,
    // Other schemes.
    'file:///etc/passwd',
    `ftp://${graphHost}/beta${path}`,
    `data:application/json,{"value":[]}`,
    `javascript:fetch('http://${canary}')`,
    // The right origin with a wrong path.
    `${base}/v1.0${path}`,
    `${base}/beta/../_sim${path}`,
    `${base}/beta/%2e%2e/_sim${path}`,
    `${base}/beta/..%2f_sim${path}`,
    `${base}/beta/..%5c_sim${path}`,
    `${base}/betamax${path}`,
    `${base}/BETA${path}`,
    `${base}/beta/deviceManagement/deviceManagementScripts`,
    `${base}/beta/users`,
    // Not an absolute link.
    path,
    `beta${path}`,
    `?$skiptoken=2`,
    ' ',
    `${base}/beta${path}?$skiptoken=a b`,
    `${base}/beta${path}?$skiptoken=a\nb`,
    `${base}/beta${path}?$skiptoken=${'a'.repeat(1_000_000)}`,
  ];
}
