/** Returns the OpenID configuration of an authority; `tenant` is a tenant's id or a shared authority. */
export function openIdConfiguration(
  baseUrl: string,
  issuerUrl: string,
  tenant: string,
): Record<string, unknown> {
  const authority = `${baseUrl}/${tenant}`;
  const issuerTenant = tenant === 'common' || tenant === 'organizations' ? '{tenantid}' : tenant;
  return {
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: [
      'client_secret_post',
      'private_key_jwt',
      'client_secret_basic',
    ],
    jwks_uri: `${authority}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    code_challenge_methods_supported: ['plain', 'S256'],
    issuer: `${issuerUrl}/${issuerTenant}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${baseUrl}/oidc/userinfo`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    claims_supported: [
      ...['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'tid', 'oid', 'ver', 'groups'],
      'preferred_username',
    ],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
  };
}

/** Returns the answer of instance discovery: it makes MSAL trust the authority's host. */
export function instanceDiscovery(baseUrl: string, tenant: string): Record<string, unknown> {
  const host = new URL(baseUrl).host;
  return {
    tenant_discovery_endpoint: `${baseUrl}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
