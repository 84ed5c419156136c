/** A grant's id says which session it is, and which client it was made for: nothing of it has to be kept. */
export const grantOf = (sessionId: string, clientId: string): string => `${sessionId}.${clientId}`;

export function grantIn(id: string): { sessionId: string; clientId: string } {
  const [sessionId = '', clientId = ''] = id.split('.');
  return { sessionId, clientId };
}
