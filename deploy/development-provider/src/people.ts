/** Whoever may be chosen. Nobody here has a password: that is what makes it a provider for development. */
export const PEOPLE = [
  {
    sub: 'ada',
    name: 'Ada Admin',
    email: 'ada@example.com',
    groups: ['platform', 'engineers'],
    about: 'administers, approves, operates',
  },
  { sub: 'ben', name: 'Ben Engineer', email: 'ben@example.com', groups: ['engineers'], about: 'writes integrations' },
] as const;

export const findPerson = (sub: string) => PEOPLE.find((person) => person.sub === sub);
