// `npm run smoke:compose`: from nothing to one answer, which took a call to an API, and back to nothing.
import { ask } from './askers.ts';
import { prepareGround, wrongWith } from './ground.ts';

const ground = await prepareGround(10);
const wrong = wrongWith(await ask(ground.door, 'acme/webshop'), 'acme/webshop');
await ground.close();
if (wrong !== undefined) throw new Error(`docker-compose.yml is up and gives ${wrong}.`);
console.log('docker-compose.yml is up and answers.');
