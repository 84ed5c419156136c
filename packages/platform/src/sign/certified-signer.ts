import { type CertifyReply, isFault, type SignerRole, secretsSubjects } from '@fingerpost/contracts';
import type { Bus } from '../bus/bus.ts';
import { timerMs } from '../life/timer-ms.ts';
import type { Log } from '../log/log.ts';
import { tellCertificateExpiry } from '../metrics/certificates.ts';
import { type Certificate, generateSigningKey, Signer } from './signed-envelope.ts';

export interface CertifiedSigner {
  signer: Signer;
  close(): void;
}

const RETRY_MS = 500;

/**
 * A key of this process's own, certified by the root and replaced at half its life. It is in this process's memory and nowhere else.
 * Waits for the secrets service, which guards the root.
 */
export async function certifiedSigner(role: SignerRole, bus: Bus, log: Log): Promise<CertifiedSigner> {
  const certify = async () => {
    const { privateKey, publicKey } = await generateSigningKey();
    const { certificate } = await bus.request<CertifyReply>(
      secretsSubjects.certify(role),
      { publicKey },
      { timeoutMs: 5_000 },
    );
    return { certificate, privateKey };
  };
  const first = await untilItWorks(certify, log);
  const signer = new Signer(first.privateKey, first.certificate);

  let timer: NodeJS.Timeout;
  let isClosed = false;
  const renewLater = (delayMs: number) => {
    if (isClosed) return;
    timer = setTimeout(async () => {
      try {
        const { certificate, privateKey } = await certify();
        signer.setCertificate(certificate, privateKey);
        tellExpiry(role, signer);
        renewLater(halfLifeMs(signer.certificate));
      } catch (error) {
        log.warn({ err: error }, 'could not renew the signing certificate; trying again');
        renewLater(RETRY_MS * 10);
      }
    }, timerMs(delayMs));
    timer.unref();
  };
  tellExpiry(role, signer);
  renewLater(halfLifeMs(signer.certificate));
  const close = () => {
    isClosed = true;
    clearTimeout(timer);
  };
  return { signer, close };
}

async function untilItWorks<T>(work: () => Promise<T>, log: Log): Promise<T> {
  while (true) {
    try {
      return await work();
    } catch (error) {
      if (isFault(error) && error.code === 'bus.closed') throw error;
      log.info({ reason: (error as Error).message }, 'waiting for the secrets service to certify our key');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

const halfLifeMs = (certificate: string): number => Math.max(1_000, (expiryOf(certificate) - Date.now()) / 2);

const expiryOf = (certificate: string): number =>
  (JSON.parse(Buffer.from(certificate.split('.')[1]!, 'base64url').toString()) as Certificate).expiresAt;

const tellExpiry = (role: SignerRole, { certificate }: Signer): void =>
  tellCertificateExpiry(`${role} signing`, expiryOf(certificate));
