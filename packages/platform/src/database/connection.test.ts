import { connectionOf } from './connection.ts';

const sslOf = (url: string, ca?: string) => connectionOf({ url, ca }).ssl;

describe('a connection to a database', () => {
  it.each([
    'postgres://db.acme.dev/x',
    'postgres://u:p@10.1.2.3:5432/x',
    'postgres://db/x?sslmode=require',
    'postgres:///x?host=db.acme.dev',
  ])('is encrypted and verified: %s', (url) => expect(sslOf(url)).toEqual({ rejectUnauthorized: true }));

  it.each([
    'postgres://localhost/x',
    'postgres://127.0.0.1/x',
    'postgres://[::1]/x',
    'postgres://db/x?sslmode=disable',
  ])('goes without: %s', (url) => expect(sslOf(url)).toBe(false));

  it('believes the authority that is named, on this machine too', () => {
    expect(sslOf('postgres://localhost/x', 'PEM')).toEqual({ ca: 'PEM', rejectUnauthorized: true });
  });

  it.each([
    ['mysql://db/x', 'must be like postgres://'],
    ['db.acme.dev', 'must be like postgres://'],
    ['postgres://db/x?sslmode=prefer', 'sslmode must be disable or verify-full, got "prefer"'],
    ['postgres://db/x?sslmode=no-verify', 'sslmode must be'],
    ['postgres://db/x?ssl=0', 'ssl is not understood'],
    ['postgres://db/x?sslmode=verify-full&uselibpqcompat=true', 'uselibpqcompat is not understood'],
  ])('is refused: %s', (url, why) => expect(() => connectionOf({ url })).toThrow(why));

  it('leaves no second word about encryption to the driver', () => {
    expect(connectionOf({ url: 'postgres://db/x?sslmode=require' }).connectionString).toBe('postgres://db/x');
  });
});
