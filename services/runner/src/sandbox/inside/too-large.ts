/** Holds nothing that JSON would escape: guest/integration.ts puts it into JSON by hand. */
export const tooLarge = (bytes: number, most: number): string =>
  `The answer has ${bytes} bytes; ${most} are allowed. Show less, or link to the rest.`;
