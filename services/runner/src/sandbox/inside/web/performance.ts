import { now, timeOrigin } from '../guest/clock.ts';
import { asInterface } from './interface.ts';

export class Performance {
  now(): number {
    return now();
  }
  get timeOrigin(): number {
    return timeOrigin();
  }
  toJSON(): object {
    return { timeOrigin: timeOrigin() };
  }
}
asInterface({ Performance });

export const performance = new Performance();
