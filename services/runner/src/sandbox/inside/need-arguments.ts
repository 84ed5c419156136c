export function needArguments(given: number, needed: number, what: string): void {
  if (given < needed) throw new TypeError(`${what} needs ${needed} argument${needed === 1 ? '' : 's'}, got ${given}.`);
}
