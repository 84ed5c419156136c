// What it says of Node releases that are no LTS yet is nothing for operators; everything else is.
const { warn } = console;
console.warn = (...said: unknown[]) => /Unsupported runtime/.test(String(said[0])) || warn(...said);

export const { Provider, errors, ExternalSigningKey } = await import('oidc-provider').finally(() => {
  console.warn = warn;
});
