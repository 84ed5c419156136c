/** What a server of ours says in a real one's place. */
export interface LocalPage {
  html: string;
  headers?: Record<string, string>;
}
