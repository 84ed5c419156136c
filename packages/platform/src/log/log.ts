import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { currentTrace } from '../trace/trace.ts';
import { visible } from './visible.ts';

export type Log = Logger;

export interface LogSettings {
  level: string;
  /** one JSON object a line for machines, or lines for people */
  format: 'json' | 'pretty';
}

/** Lines carry the service's name and, inside a request, its trace and span, by OpenTelemetry's names. */
export function createLog(service: string, settings: LogSettings): Log {
  const options = {
    level: settings.level,
    base: { service },
    mixin: () => {
      const trace = currentTrace();
      return trace === undefined ? {} : { trace_id: trace.traceId, span_id: trace.spanId };
    },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (settings.format === 'json') return pino(options);
  return pino(
    { ...options, hooks: { streamWrite: visible } },
    pretty({
      colorize: process.stdout.isTTY,
      ignore: 'pid,hostname,trace_id,span_id',
      translateTime: 'HH:MM:ss',
      sync: true,
    }),
  );
}

/** Nest's own lines: its warnings and errors matter, its start-up chatter does not. */
export class NestLog implements LoggerService {
  constructor(private readonly sink: Log) {}

  log = (message: unknown) => this.sink.debug(String(message));
  debug = (message: unknown) => this.sink.debug(String(message));
  verbose = (message: unknown) => this.sink.trace(String(message));
  warn = (message: unknown) => this.sink.warn(String(message));
  error = (message: unknown, ...rest: unknown[]) =>
    message instanceof Error
      ? this.sink.error({ err: message }, message.message)
      : this.sink.error({ rest }, String(message));
  fatal = (message: unknown) => this.sink.fatal(String(message));
}
