import { IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import type { Json } from './context.ts';

/** What integrations remember between runs (`cache.get`, `cache.set`): kept beside the answers, apart by digest and viewer scope. */
export const gatewaySubjects = {
  /** RecallRequest -> RecallReply */
  recall: 'gateway.recall',
  /** RememberRequest -> {} */
  remember: 'gateway.remember',
} as const;

export class RecallRequest {
  @IsString()
  ticket: string;

  @IsString()
  @MaxLength(1_000)
  key: string;
}

export interface RecallReply {
  /** absent: nothing there */
  value?: Json;
}

export class RememberRequest {
  @IsString()
  ticket: string;

  @IsString()
  @MaxLength(1_000)
  key: string;

  @IsOptional()
  value: Json;

  @IsNumber()
  @Min(0)
  @Max(2_592_000)
  ttlSeconds: number;
}
