import { IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { CALL_METHODS } from './secret-binding.ts';

export const SIGNER_ROLES = ['gateway', 'registry'] as const;
/** Who may sign what: a gateway signs tickets, a registry signs grants. */
export type SignerRole = (typeof SIGNER_ROLES)[number];

export const secretsSubjects = {
  /**
   * CallRequest (its body: the request's) -> CallHead, then the body: the response's.
   * Every runner publishes on a subject of its own; the first use of a ticket binds it to that runner.
   */
  call: (runnerId: string) => `secrets.call.${runnerId}`,
  anyCall: 'secrets.call.*',
  /** RevealRequest -> RevealReply: the values that this run's code may hold itself; on a subject of the runner's own, as calls are */
  reveal: (runnerId: string) => `secrets.reveal.${runnerId}`,
  anyReveal: 'secrets.reveal.*',
  /** published at the end of a run that made calls: RunOver; on a subject of the runner's own, as calls are */
  runOver: (runnerId: string) => `secrets.over.${runnerId}`,
  anyRunOver: 'secrets.over.*',
  /** RunUse -> {}, among secrets services: to the one that keeps the run's account, on a subject of its own */
  account: (id: string) => `secrets.account.${id}`,
  anyAccount: 'secrets.account.*',
  /** published among secrets services twice a second, and at the end: KeeperNotice */
  keeper: 'secrets.keeper',
  /** CheckRequest -> CheckReply: which of these secrets are missing; `secret.unavailable` where that cannot be told */
  check: 'secrets.check',
  /** CertifyRequest -> CertifyReply; the subject's last word is the role, so that the bus's permissions decide who may ask */
  certify: (role: SignerRole) => `secrets.certify.${role}`,
  /** AdmitRunnerRequest -> AdmitRunnerReply: how a runner becomes one on a bus that asks who is who */
  admitRunner: 'secrets.admit-runner',
  /** published at every change and every 2 s: SecretsNotice */
  revision: 'secrets.revision',
} as const;

export class CallRequest {
  @IsString()
  ticket: string;

  @IsString()
  grant: string;

  @IsIn(CALL_METHODS)
  method: string;

  @IsString()
  @MaxLength(16_384)
  url: string;

  /** name and value, in order; values may hold placeholders */
  @IsArray()
  headers: [string, string][];

  /** what stands in for which secret in this run: placeholder to secret name */
  @IsObject()
  placeholders: Record<string, string>;

  @IsIn(['follow', 'manual', 'error'])
  redirect: 'follow' | 'manual' | 'error';

  @IsInt()
  @Min(0)
  @Max(50_000_000)
  bodyBytes: number;
}

export interface CallHead {
  status: number;
  statusText: string;
  headers: [string, string][];
  /** after redirects */
  url: string;
  isRedirected: boolean;
}

export class RevealRequest {
  @IsString()
  ticket: string;

  @IsString()
  grant: string;

  /** a public key of the asker's that lives as long as the question: the values cross the bus closed */
  @IsObject()
  address: Record<string, unknown>;
}

export interface RevealReply {
  /** to that address: JSON, secret name to value */
  letter: string;
}

/** Its ticket is good for nothing more, and what was lent to it alone can be taken back. */
export class RunOver {
  /** the ticket's */
  @IsString()
  @MaxLength(200)
  jti: string;
}

/** What a run uses, and what it may use in all. */
export interface RunUse {
  /** the ticket's */
  jti: string;
  runnerId: string;
  calls: number;
  bytes: number;
  mostCalls: number;
  mostBytes: number;
  /** epoch milliseconds: when its ticket can no longer be used */
  forgetAt: number;
}

/** A secrets service is there. */
export interface KeeperNotice {
  id: string;
  isLeaving?: boolean;
}

export class CheckRequest {
  @IsArray()
  @IsString({ each: true })
  names: string[];
}

export interface CheckReply {
  missing: string[];
  /** for people, one for each: where to put them, if not by `npm run secrets` */
  places?: string[];
  revision: string;
}

export class CertifyRequest {
  /** the signer's public key, an Ed25519 JWK */
  @IsObject()
  publicKey: Record<string, unknown>;
}

export interface CertifyReply {
  /** signed envelope of type `certificate`, signed by the root */
  certificate: string;
}

export class AdmitRunnerRequest {
  /** the runner's own, an nkey of a user; it becomes its id, and only who holds the private half can use the reply */
  @Matches(/^U[A-Z2-7]{55}$/)
  publicKey: string;
}

export interface AdmitRunnerReply {
  /** NATS user JWT for that key */
  jwt: string;
  /** lifetime from now */
  lifeMs: number;
}

export class SecretsNotice {
  /** changes whenever any secret does */
  @IsString()
  revision: string;

  /** why some secrets cannot be had at the moment, for people; absent while all can */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  outage?: string;
}
