import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Bus } from '../bus/bus.ts';
import { BusStrategy, FaultFilter } from '../bus/nest-strategy.ts';
import { type Log, NestLog } from '../log/log.ts';
import { MessagePipe } from './message-pipe.ts';

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
  app.useGlobalPipes(new MessagePipe());
  await app.listen();
  return app;
}
