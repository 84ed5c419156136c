import { randomUUID } from 'node:crypto';
import type { Frame, Unsubscribe, Wire } from './wire.ts';

interface Hooks {
  onReply: (id: string, frame: Frame) => void;
  onControl: (id: string, frame: Frame) => void;
  onBreak: (wire: Wire) => void;
}

/**
 * Where exchanges are reached on one wire. Replies come to `<inbox>.r`, words from the asking side to `<inbox>.c`: two places, so that
 * permissions can tell who answers from who asks. What follows nobody can guess: only the other side of an exchange was told.
 */
export class Station {
  private readonly replies: string;
  private readonly controls: string;

  constructor(
    readonly wire: Wire,
    hooks: Hooks,
  ) {
    const name = randomUUID().slice(0, 8); // tells replicas apart, no more
    this.replies = `${wire.inbox}.r.${name}.`;
    this.controls = `${wire.inbox}.c.${name}.`;
    this.listen(this.replies, hooks.onReply);
    this.listen(this.controls, hooks.onControl);
    wire.onBreak(() => hooks.onBreak(wire));
  }

  replyTo(id: string): string {
    return this.replies + id;
  }

  controlOf(id: string): string {
    return this.controls + id;
  }

  private listen(place: string, onFrame: (id: string, frame: Frame) => void): void {
    this.wire.subscribe(`${place}*`, (frame, subject) => onFrame(subject.slice(place.length), frame));
  }
}

/** Something heard over whatever wire the bus has. */
export class Listening {
  leave: Unsubscribe;

  constructor(
    private readonly join: (station: Station) => Unsubscribe,
    station: Station,
  ) {
    this.leave = join(station);
  }

  /** Joins there; what is returned leaves the old place. */
  moveTo(station: Station): Unsubscribe {
    const leave = this.leave;
    this.leave = this.join(station);
    return leave;
  }
}
