import { GatewayProblem } from '@fingerpost/bar';

export const asProblem = (error: unknown): GatewayProblem =>
  error instanceof GatewayProblem
    ? error
    : new GatewayProblem({ status: 0, title: 'The page stumbled', detail: String(error) });
