// Only the three usual names: a machine may give the rest of 127.0.0.0/8 to other software.
const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/** Whether a host, as URL.hostname writes it, is this machine, where development settings are allowed. */
export function isLoopback(hostname: string): boolean {
  return loopbackHosts.includes(hostname);
}

/** Whether secrets may be sent to a URL: https, or http on loopback. */
export function isSecureEnough(url: {
  readonly protocol: string;
  readonly hostname: string;
}): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
