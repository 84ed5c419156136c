import { type CertifyReply, CertifyRequest, type SignerRole, secretsSubjects } from '@fingerpost/contracts';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type Certifying, certify } from './certify.ts';

export const CERTIFYING = Symbol('certifying');

@Controller()
export class CertifySubjects {
  constructor(@Inject(CERTIFYING) private readonly certifying: Certifying) {}

  @MessagePattern(secretsSubjects.certify('gateway'))
  certifyGateway(@Payload() request: CertifyRequest): Promise<CertifyReply> {
    return this.certify('gateway', request);
  }

  @MessagePattern(secretsSubjects.certify('registry'))
  certifyRegistry(@Payload() request: CertifyRequest): Promise<CertifyReply> {
    return this.certify('registry', request);
  }

  private async certify(role: SignerRole, request: CertifyRequest): Promise<CertifyReply> {
    return { certificate: await certify(this.certifying, role, request.publicKey) };
  }
}
