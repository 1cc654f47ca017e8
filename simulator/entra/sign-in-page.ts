export interface SignInPage {
  readonly tenantName: string;
  readonly userNames: readonly string[];
  readonly hint: string;
  readonly complaint: string | null;
}

/** Renders the sign-in page: a plain form, posted to its own address. */
export function signInPage({ tenantName, userNames, hint, complaint }: SignInPage): string {
  const options = userNames.map((name) => `<option value="${escapeHtml(name)}">`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in to ${escapeHtml(tenantName)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { margin-bottom: 1rem; padding: 0.5rem; }
[role='alert'] { color: #a4262c; }
</style>
</head>
<body>
<main>
<h1>Sign in</h1>
<p>${escapeHtml(tenantName)}, a simulated directory.</p>
${complaint === null ? '' : `<p role="alert">${escapeHtml(complaint)}</p>`}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" list="users" autocomplete="username" value="${escapeHtml(hint)}" required autofocus>
<datalist id="users">${options}</datalist>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>
</main>
</body>
</html>
`;
}

/** Escapes a text for HTML and its attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
