/** Stands in JSON as it is. */
export const tooLarge = (bytes: number, most: number): string =>
  `The answer has ${bytes} bytes; ${most} are allowed. Show less, or link to the rest.`;
