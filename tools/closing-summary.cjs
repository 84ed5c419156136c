// Names, at the very end, where nobody can overlook it: every suite that did not run because its server is missing, and every test that needed a
// second try.
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { tmpdir } = require('node:os');

module.exports = class ClosingSummary {
  constructor() {
    process.env.FINGERPOST_MISSING_SERVERS ??= join(tmpdir(), `fingerpost-missing-servers-${process.pid}`);
    this.file = process.env.FINGERPOST_MISSING_SERVERS;
  }

  onRunComplete(_contexts, { testResults }) {
    const tests = testResults.flatMap(({ testResults }) => testResults);
    for (const { fullName } of tests.filter(({ status, invocations }) => status === 'passed' && invocations > 1))
      console.log(`\nPassed at the second try: ${fullName}`);
    if (!existsSync(this.file)) return;
    const names = [...new Set(readFileSync(this.file, 'utf8').trim().split('\n'))];
    rmSync(this.file);
    console.log(`\nNot run, because these are not installed: ${names.join(', ')}.`);
    if (process.env.CI === 'true') this.error = new Error(`Missing servers: ${names.join(', ')}`);
  }

  getLastError() {
    return this.error;
  }
};
