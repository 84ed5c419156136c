// What HEALTHCHECK runs: exit 0 if the service is ready. A program, because there is no shell in the image; without `fetch`, which takes 20 ms of CPU more.
import { get } from 'node:http';

const port = process.env.HEALTH_PORT || process.env.PORT || '3000';
const say = (text, isGood) => {
  console.log(text);
  process.exit(isGood ? 0 : 1);
};
get(`http://127.0.0.1:${port}/health/ready`, { timeout: 2_500 }, async (answer) => {
  say((await answer.setEncoding('utf8').toArray()).join(''), answer.statusCode === 200);
})
  .on('timeout', () => say('no answer within 2.5 s', false))
  .on('error', ({ message }) => say(message, false));
