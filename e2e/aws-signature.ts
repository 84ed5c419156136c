import { createHash, createHmac } from 'node:crypto';
import type { Asked } from './stand-in.ts';

interface Keys {
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
}

/** By the letter of AWS's description, with nothing of any SDK's. */
export function isSigned({ host, method, path, headers, body }: Asked, service: string, keys: Keys): boolean {
  const said =
    /Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
      headers.authorization ?? '',
    );
  if (said === null) return false;
  const [, id, day, region, of, signedHeaders, signature] = said as unknown as string[];
  const url = new URL(path, `https://${host}`);
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const pathname = service === 's3' ? url.pathname : url.pathname.split('/').map(encode).join('/');
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = [
    ...[method, pathname, query],
    ...signedHeaders!.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    ...['', signedHeaders, headers['x-amz-content-sha256'] ?? sha(body)],
  ].join('\n');
  const hmac = (key: string | Uint8Array, text: string) => createHmac('sha256', key).update(text).digest();
  const key = [region!, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${keys.AWS_SECRET_ACCESS_KEY}`, day!));
  const text = [
    'AWS4-HMAC-SHA256',
    headers['x-amz-date'],
    `${day}/${region}/${service}/aws4_request`,
    sha(canonical),
  ].join('\n');
  return id === keys.AWS_ACCESS_KEY_ID && of === service && hmac(key, text).toString('hex') === signature;
}
