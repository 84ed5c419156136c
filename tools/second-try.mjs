// In CI a test that fails is tried once more: on a machine that others share all stands still for seconds now and then, and CI tells a fault
// from that by its coming again. What failed is printed, and the closing summary names the test.
import { jest } from '@jest/globals';

if (process.env.CI === 'true') jest.retryTimes(1, { logErrorsBeforeRetry: true });
