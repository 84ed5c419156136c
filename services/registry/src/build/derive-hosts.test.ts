import { deriveHosts } from './derive-hosts.ts';

describe('deriving hosts', () => {
  it.each([
    ["fetch('https://api.pagerduty.com/oncalls')", ['api.pagerduty.com']],
    ['const HOST = "https://api.datadoghq.com";', ['api.datadoghq.com']],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code under test
    ['fetch(`https://circleci.com/api/v2/project/${slug}`)', ['circleci.com']],
    ["'http://localhost:3000/health' + 'https://API.acme.dev:8443?x'", ['api.acme.dev:8443', 'localhost:3000']],
    ["'https://b.dev/' 'https://a.dev/' 'https://b.dev/x'", ['a.dev', 'b.dev']],
    ["'https://acme.dev:443/'", ['acme.dev']],
  ])('reads %s', (code, hosts) => {
    expect(deriveHosts(code)).toEqual(hosts);
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code under test
    ['`https://${region}.amazonaws.com/`'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code under test
    ['`https://api.${region}.amazonaws.com/`'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code under test
    ['`https://acme.dev${path}`'],
    ["'https://api.' + site + '/'"],
    ["'https://' + host"],
    ["'https://*.acme.dev/'"],
    ["'https://user@acme.dev/'"],
    ["'https://api-' + region"],
  ])('takes %s for no host', (code) => {
    expect(deriveHosts(code)).toEqual([]);
  });
});
