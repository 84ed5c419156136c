/**
 * Whose turn it is to run what several gateways want at the same moment. A turn saves work and decides nothing else: two gateways that
 * both think it theirs do the work twice.
 */
export interface Turns {
  /** Never rejects. Where nobody can be asked, it is everybody's turn. */
  take(key: string): Promise<Turn>;
}

export interface Turn {
  isOurs: boolean;
  /** another gateway's turn: changes when it is somebody else's */
  holder?: string;
  /** Gives it back. Does nothing where it was not ours. */
  done(): void;
}

export const EVERYBODYS_TURN: Turn = { isOurs: true, done: () => {} };

/** A gateway that shares nothing. */
export const noTurns: Turns = { take: async () => EVERYBODYS_TURN };
