// What HEALTHCHECK runs: exit 0 if the service is ready. A program, because there is no shell in the image.
const port = process.env.HEALTH_PORT || process.env.PORT || '3000';
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_500) }).catch(
  (error) => ({ ok: false, text: () => error.cause?.message ?? error.message }),
);
console.log(await answer.text());
process.exit(answer.ok ? 0 : 1);
