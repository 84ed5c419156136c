/** Pages of a made-up organisation; the worked examples in `integrations/` know them. */
export const examples = [
  { name: 'acme/webshop', icon: 'github', address: 'https://github.com/acme/webshop' },
  { name: 'Pull request 42', icon: 'pull-request', address: 'https://github.com/acme/webshop/pull/42' },
  {
    name: 'Lambda function',
    icon: 'lambda',
    address:
      'https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1#/functions/webshop-checkout?tab=code',
  },
  { name: 'Wiki', icon: 'book', address: 'https://wiki.acme.dev/runbooks/webshop' },
] as const;
