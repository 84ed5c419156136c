/**
 * The last quarter of what there is waits for whoever has less than a quarter; a first piece, of size `one`, is fair for everybody. `mine` and
 * `all`: with what is asked for now.
 */
export const isFairShare = (mine: number, all: number, most: number, one: number): boolean =>
  mine <= Math.max(one, most / 4) || all <= (most * 3) / 4;
