import { readOptions } from './options.ts';

const NAMES = ['cached', 'uncached'];

describe('readOptions', () => {
  it('runs everything five times when nothing is said', () => {
    const nothing = { isQuick: false, isJson: false, isCluster: false, remote: undefined };
    expect(readOptions([], NAMES)).toEqual({ only: [], rounds: 5, ...nothing });
  });

  it('makes two rounds when it must be quick, unless told otherwise', () => {
    expect(readOptions(['--quick'], NAMES).rounds).toBe(2);
    expect(readOptions(['--quick', '--rounds', '3'], NAMES).rounds).toBe(3);
  });

  it('takes a list of workloads', () => {
    expect(readOptions(['--only', 'cached, uncached'], NAMES).only).toEqual(NAMES);
  });

  it('names the workload that does not exist and those that do', () => {
    expect(() => readOptions(['--only', 'cache'], NAMES)).toThrow(
      'There is no workload "cache"; there are cached, uncached.',
    );
  });

  it.each(['0', '-1', '1.5', 'many'])('refuses %s rounds', (rounds) => {
    expect(() => readOptions([`--rounds=${rounds}`], NAMES)).toThrow('--rounds must be a whole number');
  });

  it('takes another server with its token and folder', () => {
    const { remote } = readOptions(['--url', 'http://127.0.0.1:9', '--token', 't', '--folder', 'here'], NAMES);
    expect(remote).toEqual({ url: 'http://127.0.0.1:9', token: 't', folder: 'here' });
  });

  it('refuses a token for nobody', () => {
    expect(() => readOptions(['--token', 't'], NAMES)).toThrow('belong to --url');
  });

  it('refuses a cluster of its own beside a server that is there', () => {
    expect(() => readOptions(['--cluster', '--url', 'http://127.0.0.1:9'], NAMES)).toThrow('Either --cluster or --url');
  });

  it('refuses what it does not know', () => {
    expect(() => readOptions(['--fast'], NAMES)).toThrow('--fast');
  });
});
