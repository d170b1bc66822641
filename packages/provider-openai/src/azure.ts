// Azure OpenAI: OpenAI's models and bodies at a host of one's own. Facts: docs/providers/openai.md, section 5.10.

import { type CallContext, ImageError, type ModelCapabilities, type ModelTable, type Price } from '@anyimage/core';
import { models, unlisted } from './capabilities.ts';
import { bearer } from './send.ts';

/** Where nothing says which resource is meant: a name that no network knows. */
const nowhere = 'azure-resource.invalid';

/** A snapshot: no deployment is likely to be called so. */
const isDated = (id: string) => /\d{4}-\d{2}-\d{2}$/.test(id);
/**
 * The rows of OpenAI, by the names of its models, but for those that it ends: Azure ends models on days of its own, which no source
 * tells. That it charges what OpenAI charges is unverified.
 */
const staying = Object.entries<ModelCapabilities>(models).filter(([id, { retires }]) => !retires && !isDated(id));
const rows: ModelTable = Object.fromEntries(staying.map(([id, row]) => [id, { ...row, prices: unsure(row.prices) }]));

function unsure(prices: readonly Price[] = []): readonly Price[] {
  return prices.map((price) => ({ ...price, unsure: true }));
}

/** The variables are those of OpenAI's SDK and of the AI SDK. That `/openai/v1` needs no `api-version` is unverified. */
export const azure = {
  label: 'Azure OpenAI',
  regions: {
    global: {
      baseURL: `https://${nowhere}/openai/v1`,
      hosts: '[a-z0-9-]+\\.openai\\.azure\\.com',
    },
  },
  keys: [{ env: 'AZURE_OPENAI_API_KEY' }, { env: 'AZURE_API_KEY' }],
  baseURLs: [
    { env: 'AZURE_OPENAI_ENDPOINT' },
    { env: 'AZURE_RESOURCE_NAME', form: 'https://*.openai.azure.com/openai/v1' },
  ],
  row: {
    ...unlisted,
    label: 'A deployment of another name',
    source: 'https://github.com/vercel/ai/tree/main/packages/azure',
    checked: '2026-08-22',
  },
  models: rows,
  azure: true,
} as const;

/**
 * A key of a resource goes into a header of its own. A token of Entra, which is told by its form (a JSON Web Token), goes as Bearer. Throws
 * `config` while no resource is named.
 */
export function signForAzure(key: string, { url }: { readonly url: URL }): Record<string, string> {
  if (url.hostname === nowhere) {
    throw new ImageError('config', 'no resource of Azure OpenAI is named', {
      details: { option: 'baseURL' },
      hint: 'Set AZURE_RESOURCE_NAME, AZURE_OPENAI_ENDPOINT, or a base URL such as https://RESOURCE.openai.azure.com/openai/v1.',
    });
  }
  return /^eyJ[\w-]*(\.[\w-]+){2}$/.test(key) ? bearer(key) : { 'api-key': key };
}

/** The context of a call to a deployment, whichever form of Azure's base URLs was given. */
export function atDeployment<C extends CallContext>(context: C, deployment: string): C {
  const below = pathBelow(context.baseURL, deployment);
  const send: C['http']['send'] = (request) => context.http.send({ ...request, to: below + request.to });
  return { ...context, http: { send } };
}

/** What comes before the path of a request. */
function pathBelow(baseURL: string, deployment: string): string {
  const path = new URL(baseURL).pathname.replace(/\/+$/, '');
  // The endpoint as the portal shows it.
  if (path === '') return 'openai/v1/';
  // Before version 1 of the API each deployment had a path of its own.
  return path.endsWith('/openai') ? `deployments/${encodeURIComponent(deployment)}/` : '';
}
