import { Agent, globalAgent, https } from './http.ts';

export { Agent, globalAgent };
export const { get, request } = https;
export default { get, request, Agent, globalAgent };
