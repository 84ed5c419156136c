import { Fault } from '@fingerpost/contracts';
import { type Type, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { ValidationError } from 'class-validator';
import type { Bus } from '../bus/bus.ts';
import { BusStrategy, FaultFilter } from '../bus/nest-strategy.ts';
import { type Log, NestLog } from '../log/log.ts';

/** Something that runs until it is closed. Closing finishes what is in flight. */
export interface Service {
  close(): Promise<void>;
}

/** A Nest module, built by its service's own factory: `registryModule({ settings, bus, log })`. */
export type ServiceModule = Parameters<typeof NestFactory.create>[0];

/** Starts a service that is reached over the bus alone. Its name is its queue group. */
export async function startService(name: string, module: ServiceModule, bus: Bus, log: Log): Promise<Service> {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module as Type, {
    strategy: new BusStrategy(bus, name),
    logger: new NestLog(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new FaultFilter());
  app.useGlobalPipes(messageValidation());
  await app.listen();
  return app;
}

/** Messages are checked against their class where they enter; unknown fields stay, a newer neighbour may send them. */
export function messageValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    exceptionFactory: (errors) =>
      new Fault(
        'request.invalid',
        `A message is not valid: ${errors.flatMap((error) => problemsOf(error)).join('; ')}.`,
      ),
  });
}

/** `place.name: must be a string`: every field by its path, nested ones too. */
function problemsOf({ property, constraints = {}, children = [] }: ValidationError, prefix = ''): string[] {
  const path = `${prefix}${property}`;
  const own = Object.values(constraints).join(', ');
  return [...(own === '' ? [] : [`${path}: ${own}`]), ...children.flatMap((child) => problemsOf(child, `${path}.`))];
}
