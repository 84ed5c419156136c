/** Says where a text was cut: the runner takes out what may be the beginning of a secret there. */
export const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
