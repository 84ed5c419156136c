// One way to ask an API, so that every example fails with a sentence that says what to do.

const HINTS = {
  401: 'is the secret right, and not expired?',
  403: 'the secret is known there but may not read this',
  404: 'is the name in the address right?',
  429: 'too many requests; a longer `cache` helps',
};

async function getJson(tool, url, headers) {
  const response = await fetch(url, { headers: { accept: 'application/json', ...headers } });
  if (!response.ok) {
    // The path without its query: enough to know which call it was.
    const { pathname } = new URL(url);
    const hint = HINTS[response.status] ?? 'see its status page';
    throw new Error(`${tool} answered ${response.status} to GET ${pathname}: ${hint}`);
  }
  return response.json();
}

module.exports = { getJson };
