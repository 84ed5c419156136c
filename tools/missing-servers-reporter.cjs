// Names every suite that did not run because its server is missing, where nobody can overlook it: at the very end.
const { existsSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { tmpdir } = require('node:os');

module.exports = class MissingServersReporter {
  constructor() {
    process.env.FINGERPOST_MISSING_SERVERS ??= join(tmpdir(), `fingerpost-missing-servers-${process.pid}`);
    this.file = process.env.FINGERPOST_MISSING_SERVERS;
  }

  onRunComplete() {
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
