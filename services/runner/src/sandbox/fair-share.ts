/** The last quarter of what there is waits for whoever has less than a quarter. `mine` and `all`: with what is asked for now. */
export const isFairShare = (mine: number, all: number, most: number): boolean =>
  mine <= most / 4 || all <= (most * 3) / 4;
