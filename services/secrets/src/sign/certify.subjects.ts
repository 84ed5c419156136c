import { type CertifyReply, CertifyRequest, type SignerRole, secretsSubjects } from '@fingerpost/contracts';
import type { SigningKey } from '@fingerpost/platform';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { certify } from './certify.ts';

export const ROOT_KEY = Symbol('root key');

@Controller()
export class CertifySubjects {
  constructor(@Inject(ROOT_KEY) private readonly rootKey: SigningKey) {}

  @MessagePattern(secretsSubjects.certify('gateway'))
  certifyGateway(@Payload() request: CertifyRequest): Promise<CertifyReply> {
    return this.certify('gateway', request);
  }

  @MessagePattern(secretsSubjects.certify('registry'))
  certifyRegistry(@Payload() request: CertifyRequest): Promise<CertifyReply> {
    return this.certify('registry', request);
  }

  private async certify(role: SignerRole, request: CertifyRequest): Promise<CertifyReply> {
    return { certificate: await certify(this.rootKey, role, request.publicKey) };
  }
}
