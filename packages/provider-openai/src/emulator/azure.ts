// How Azure serves OpenAI's models. What it answers to a wrong key, a missing version and a missing deployment is unverified, and so is
// the form in which its filter refuses. It takes a key in `api-key` alone: that some take it as Bearer, too, is unverified.

import type { EmulatorDefinition, Exchange } from '@anyimage/testkit';
import { type Model, models } from './facts.ts';
import type { Manner } from './manner.ts';
import { failure, type Refusal } from './refusals.ts';

/** Deployments: one for each model, under its name, and one under a name that the account chose. */
const deployments: Readonly<Record<string, Model>> = { ...models, 'our-painter': models['gpt-image-2']! };

export const azureManner: Manner = {
  find: (id, { params }) => {
    const name = params.deployment === undefined ? id : decodeURIComponent(params.deployment);
    return typeof name === 'string' && Object.hasOwn(deployments, name) ? deployments[name] : undefined;
  },
  missing: noDeployment,
  blocked: filtered,
};

/** All but the paths, which differ between its two forms. */
export const azure = {
  id: 'azure',
  label: 'Azure OpenAI',
  keyEnv: 'AZURE_OPENAI_API_KEY',
  baseURLEnv: 'AZURE_OPENAI_ENDPOINT',
  currency: 'USD',
  authorize,
  unknown: notFound(),
  failures: {
    auth: wrongKey(),
    'not-found': noDeployment(),
    'invalid-request': failure(400, "Unknown parameter: 'seed'.", { param: 'seed', code: 'unknown_parameter' }),
    'content-blocked': filtered(),
    'rate-limit': { ...failure(429, 'Rate limit is exceeded.', { code: '429' }), headers: { 'retry-after': '7' } },
    server: failure(500, 'The server had an error.', { type: 'server_error', code: 'server_error' }),
  },
} as const satisfies Omit<EmulatorDefinition, 'basePath' | 'routes'>;

/** A token of Entra goes as Bearer, a key of the resource in a header of its own. */
function authorize({ request: { headers }, key }: Exchange): Refusal | undefined {
  const isToken = key.startsWith('eyJ');
  const isRight = isToken
    ? headers.authorization === `Bearer ${key}` && headers['api-key'] === undefined
    : headers['api-key'] === key && headers.authorization === undefined;
  return isRight ? undefined : wrongKey();
}

/** Before version 1 of the API, every request names the version that it is for. */
export function refuseWithoutVersion({ request }: Exchange): Refusal | undefined {
  return new URL(request.path, 'http://azure.example').searchParams.get('api-version') ? undefined : notFound();
}

function wrongKey(): Refusal {
  return failure(401, 'Access denied due to invalid subscription key or wrong API endpoint.', { code: '401' });
}

function notFound(): Refusal {
  return failure(404, 'Resource not found', { code: '404' });
}

function noDeployment(): Refusal {
  return failure(404, 'The API deployment for this resource does not exist.', { code: 'DeploymentNotFound' });
}

/** Its filter says what it found in an error within the error. */
function filtered(): Refusal {
  const message = 'Your task failed as a result of our safety system.';
  const refusal = failure(400, message, { code: 'contentFilter' });
  const content_filter_results = {
    hate: { filtered: false, severity: 'safe' },
    violence: { filtered: true, severity: 'medium' },
  };
  const inner_error = { code: 'ResponsibleAIPolicyViolation', content_filter_results };
  return { ...refusal, json: { error: { message, code: 'contentFilter', inner_error } } };
}
