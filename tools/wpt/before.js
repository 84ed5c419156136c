// Stands before the tests' own harness, in the same script. Addresses without a host mean the tests' server.
const { fetch: fetchFrom, Request: RealRequest } = globalThis;
const absolute = (input) => (typeof input === 'string' ? new URL(input, WPT.href).href : input);

globalThis.fetch = (input, ...init) => fetchFrom(absolute(input), ...init);
globalThis.Request = new Proxy(RealRequest, {
  construct: (target, [input, ...init], newTarget) => Reflect.construct(target, [absolute(input), ...init], newTarget),
});
Response.redirect = (
  (redirect) =>
  (input, ...status) =>
    redirect(absolute(input), ...status)
)(Response.redirect);
globalThis.GLOBAL = { isWindow: () => false, isWorker: () => true, isShadowRealm: () => false };
