import { createHash, createHmac } from 'node:crypto';
import { Fault } from '@fingerpost/contracts';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Placeholders } from './placeholders.ts';
import type { Outgoing } from './slots.ts';

/** A request that the code signed with placeholders: whose key pair, for which service, and where the signature stands. */
export interface AwsSignature {
  /** names of secrets */
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
  service: string;
  place: 'header' | 'query';
  expiresInSeconds?: number;
}

const HEADER = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request,/;
const SCOPE = /^([^/]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/;
const ASYMMETRIC = /^AWS4-ECDSA/;
const TOKEN_HEADER = 'x-amz-security-token';
/** The signer makes them anew. */
const SIGNED_HEADERS = ['authorization', 'x-amz-date', TOKEN_HEADER];
const SIGNED_PARAMETERS =
  /^x-amz-(algorithm|credential|date|expires|security-token|signature|signedheaders|content-sha256)$/i;
const LONGEST_SECONDS = 604_800;

/** The half of a key pair that is never put in anywhere: `X_SECRET_ACCESS_KEY` beside `X_ACCESS_KEY_ID`. */
export const secretHalfOf = (accessKeyId: string): string | undefined =>
  /(^|_)ACCESS_KEY_ID$/.test(accessKeyId) ? accessKeyId.replace(/ACCESS_KEY_ID$/, 'SECRET_ACCESS_KEY') : undefined;
const tokenOf = (accessKeyId: string) => accessKeyId.replace(/ACCESS_KEY_ID$/, 'SESSION_TOKEN');

/** @throws Fault `secret.misplaced` for a signature that cannot be made again */
export function findSignature(
  { url, headers }: Outgoing,
  placeholders: Placeholders,
  granted: readonly string[],
): AwsSignature | undefined {
  const authorization = headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const parameter = (name: string) => parameterOf(url, name);
  const algorithm = parameter('x-amz-algorithm') ?? '';
  if (ASYMMETRIC.test(authorization) || ASYMMETRIC.test(algorithm))
    throw misplaced('A request signed by SigV4A cannot be signed again; choose an endpoint of one region.');
  const [, id, , region, service] = HEADER.exec(authorization) ?? SCOPE.exec(parameter('x-amz-credential') ?? '') ?? [];
  const [accessKeyId] = placeholders.namesIn(id ?? '');
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const place = HEADER.test(authorization) ? 'header' : 'query';
  return {
    ...pairOf(accessKeyId, granted),
    region,
    service,
    place,
    ...(place === 'query' && {
      expiresInSeconds: Math.min(LONGEST_SECONDS, Number(parameter('x-amz-expires')) || 900),
    }),
  };
}

function pairOf(accessKeyId: string, granted: readonly string[]) {
  const secretAccessKey = secretHalfOf(accessKeyId);
  if (secretAccessKey === undefined || !granted.includes(secretAccessKey))
    throw misplaced(
      `A request is signed with ${accessKeyId}, and nothing says which secret belongs to it. Name the pair like AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and list both.`,
    );
  const token = tokenOf(accessKeyId);
  return { accessKeyId, secretAccessKey, ...(granted.includes(token) && { sessionToken: token }) };
}

/** The request as it was before its code signed it. */
export function withoutSignature(request: Outgoing, { place }: AwsSignature): Outgoing {
  if (place === 'header')
    return { ...request, headers: request.headers.filter(([name]) => !SIGNED_HEADERS.includes(name.toLowerCase())) };
  const url = new URL(request.url);
  for (const name of [...url.searchParams.keys()]) if (SIGNED_PARAMETERS.test(name)) url.searchParams.delete(name);
  return { ...request, url };
}

/** Signs as AWS's own clients do: S3 takes paths as they are, everybody else encodes them once more. */
export async function signAgain(
  request: Outgoing,
  { region, service, place, expiresInSeconds }: AwsSignature,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
): Promise<Outgoing> {
  const isS3 = service === 's3' || service === 's3express';
  const signer = new SignatureV4({
    credentials,
    region,
    service,
    sha256: Sha256,
    uriEscapePath: !isS3,
    applyChecksum: isS3,
  });
  const { url, body } = request;
  const isPresigned = place === 'query';
  const bare = {
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: bagOf(url.searchParams),
    headers: {
      ...Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value])),
      ...(isPresigned && isS3 && { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }),
      host: url.host,
    },
    body: body.byteLength > 0 ? body : undefined,
  };
  const signed = isPresigned ? await signer.presign(bare, { expiresIn: expiresInSeconds }) : await signer.sign(bare);
  const { host: _ours, ...headers } = signed.headers;
  return {
    ...request,
    url: isPresigned ? withQuery(url, signed.query ?? {}) : url,
    headers: Object.entries(headers),
  };
}

type Bag = Record<string, string | string[] | null>;

function bagOf(parameters: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}

function withQuery(from: URL, query: Bag): URL {
  const url = new URL(from);
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((one) => [name, one] as const),
  );
  url.search = pairs.map(([name, value]) => `${percent(name)}=${percent(value)}`).join('&');
  return url;
}

const percent = (text: string) =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function parameterOf(url: URL, name: string): string | undefined {
  for (const [key, value] of url.searchParams) if (key.toLowerCase() === name) return value;
}

const misplaced = (message: string) => new Fault('secret.misplaced', message);

class Sha256 {
  private readonly hash;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as Uint8Array);
  }
  update(data: Uint8Array): void {
    this.hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
  reset(): void {}
}
