/** A machine without features: packages ask for names to put into a `user-agent`. */
export const EOL = '\n';
export const platform = () => 'linux';
export const type = () => 'Linux';
export const release = () => '0.0.0';
export const arch = () => 'x64';
export const hostname = () => 'sandbox';
export const homedir = () => '/';
export const tmpdir = () => '/tmp';
export const endianness = () => 'LE';
export const cpus = () => [];
export const loadavg = () => [0, 0, 0];
export const totalmem = () => 0;
export const freemem = () => 0;
export const uptime = () => 0;
export const networkInterfaces = () => ({});
export const userInfo = () => ({ username: 'sandbox', uid: -1, gid: -1, shell: null, homedir: '/' });
export const constants = { signals: {}, errno: {} };
export default {
  ...{ EOL, platform, type, release, arch, hostname, homedir, tmpdir, endianness, cpus, loadavg, totalmem, freemem },
  ...{ uptime, networkInterfaces, userInfo, constants },
};
